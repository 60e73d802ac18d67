// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "chatvim/text/lines.hpp"
#include "chatvim/text/url.hpp"
#include "chatvim/text/utf8.hpp"
#include "node.hpp"

namespace chatvim::settings {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return is_control(c); });
}

/// Whether the character may occur in a header's name (RFC 9110, section 5.6.2).
bool is_token(char c) {
  const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string one_of(const Node& node, std::string_view choices) {
  return fmt::format("must be {}, not \"{}\"", choices, text::printable(node.text, 40));
}

}  // namespace

std::string check_not_blank(const Node& node) {
  return text::is_blank(node.text) ? "must not be empty" : "";
}

std::string check_word(const Node& node) {
  if (text::is_blank(node.text)) return "must not be empty";
  return has_control(node.text) ? "must be one line without control characters" : "";
}

std::string check_preset(const Node& node) {
  // A document may name a preset, but is not trusted to open other files that way.
  const bool path =
      node.text.find_first_of("/\\") != std::string::npos || node.text.starts_with('.');
  if (text::is_blank(node.text)) return "must not be empty";
  if (path || has_control(node.text)) return "must be the name of a preset, not a path";
  return "";
}

std::string check_delimiter(const Node& node) {
  const std::string& text = node.text;
  if (text.find_first_of("\r\n") != std::string::npos) return "must be one line";
  if (text::is_blank(text)) return "must not be blank";
  if (text::is_blank(text.substr(0, 1)) || text::is_blank(text.substr(text.size() - 1))) {
    return "must not start or end with white space";
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return is_control(c) && c != '\t'; })) {
    return "must not hold control characters";
  }
  if (text.front() == '\\') {
    return "must not start with a backslash, which marks lines that are not delimiters";
  }
  if (text == "</details>" || text == "<details><summary>Reasoning</summary>") {
    return "must not be a line that starts or ends reasoning";
  }
  if (text == "-->" || text.starts_with("<details><summary>Step") ||
      text.starts_with("<!-- chatvim:state")) {
    return "must not be a line that starts or ends a tool call or its state";
  }
  if (text.starts_with("<details><summary>Answer:") || text.starts_with("<!-- chatvim:answer")) {
    return "must not be a line that starts another answer or says where one comes from";
  }
  return "";
}

std::string check_white_space(const Node& node) {
  const bool white = node.text.find_first_not_of(" \t\n") == std::string::npos;
  return white ? "" : "must hold nothing but spaces, tabs and line breaks";
}

std::string check_reasoning(const Node& node) {
  return node.text == "hide" || node.text == "keep" ? "" : one_of(node, "\"hide\" or \"keep\"");
}

std::string check_at_least_one(const Node& node) {
  return node.integer >= 1 ? "" : fmt::format("must be 1 or more, not {}", node.integer);
}

std::string check_not_negative(const Node& node) {
  const bool negative = node.kind == Kind::kInteger ? node.integer < 0 : node.real < 0;
  return negative ? "must be 0 or more" : "";
}

std::string check_above_zero(const Node& node) {
  const bool above = node.kind == Kind::kInteger ? node.integer > 0 : node.real > 0;
  return above ? "" : "must be more than 0";
}

std::string check_api(const Node& node) {
  const bool known = node.text == "chat" || node.text == "responses" || node.text == "messages";
  return known ? "" : one_of(node, "\"chat\", \"responses\" or \"messages\"");
}

std::string check_prefill(const Node& node) {
  constexpr std::array<std::string_view, 5> kWays{"none", "plain", "prefix", "partial",
                                                  "continue_final_message"};
  const bool known = std::find(kWays.begin(), kWays.end(), node.text) != kWays.end();
  return known ? ""
               : one_of(node,
                        "\"none\", \"plain\", \"prefix\", \"partial\" or "
                        "\"continue_final_message\"");
}

std::string check_url(const Node& node) {
  if (text::parse_http_url(node.text)) return "";
  return "must be an address without spaces that starts with http:// or https:// and a host";
}

std::string check_proxy(const Node& node) {
  const bool spaced = node.text.find_first_of(" \t") != std::string::npos || has_control(node.text);
  return spaced ? "must be an address without spaces, or empty for no proxy" : "";
}

std::string check_names(const Node& node) {
  if (node.kind == Kind::kString) return check_not_blank(node);
  if (node.items.empty()) return "must not be an empty list";
  const bool blank = std::any_of(node.items.begin(), node.items.end(),
                                 [](const NodePtr& item) { return text::is_blank(item->text); });
  return blank ? "must not hold an empty string" : "";
}

std::string check_command(const Node& node) {
  if (node.items.empty() || text::is_blank(node.items.front()->text)) {
    return "must be a list of a program and its arguments";
  }
  const bool broken = std::any_of(node.items.begin(), node.items.end(), [](const NodePtr& item) {
    return item->text.find('\0') != std::string::npos;
  });
  return broken ? "must not hold the character NUL" : "";
}

std::string check_price(const Node& node) {
  for (const Member& member : node.members) {
    const bool known =
        member.key == "input" || member.key == "output" || member.key == "cached_input";
    if (!known) {
      return fmt::format("holds {}; its keys are input, output and cached_input",
                         text::printable(member.key, 60));
    }
    const Node& value = *member.value;
    const bool number = value.kind == Kind::kInteger || value.kind == Kind::kReal;
    const double amount =
        value.kind == Kind::kInteger ? static_cast<double>(value.integer) : value.real;
    // The comparison also rejects NaN.
    if (!number || !(amount >= 0)) {
      return fmt::format("holds {}, which must be a number from 0", member.key);
    }
  }
  return "";
}

std::string check_headers(const Node& node) {
  for (const Member& member : node.members) {
    const std::string name = text::printable(member.key, 60);
    if (member.key.empty() || !std::all_of(member.key.begin(), member.key.end(), is_token)) {
      return fmt::format("holds \"{}\", which cannot be the name of a header", name);
    }
    const std::string& value = member.value->text;
    if (std::any_of(value.begin(), value.end(),
                    [](char c) { return is_control(c) && c != '\t'; })) {
      return fmt::format("holds a line break or another control character in {}", name);
    }
  }
  return "";
}

}  // namespace chatvim::settings
