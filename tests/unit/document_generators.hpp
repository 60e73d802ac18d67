// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/format.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "document_support.hpp"
#include "property.hpp"

namespace chatvim::testing {

using document::Format;
using document::kReasoningClose;
using document::kReasoningOpen;
using document::Role;

inline std::string joined(const std::vector<std::string>& pieces) {
  std::string all;
  for (const std::string& piece : pieces) {
    all += piece;
  }
  return all;
}

inline rc::Gen<std::string> text_of(std::vector<std::string> tokens) {
  return rc::gen::map(
      rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::move(tokens))),
      [](const std::vector<std::string>& pieces) { return joined(pieces); });
}

/// Returns the tokens that generated chat documents and replies consist of, the difficult ones
/// first.
inline std::vector<std::string> tokens_of(const Format& format) {
  std::vector<std::string> tokens = {"\n",
                                     "\n",
                                     "\n\n",
                                     " ",
                                     "  ",
                                     "\t",
                                     "\\",
                                     "x",
                                     "# H\n",
                                     "word and word",
                                     "\n```\n",
                                     "```",
                                     "~~~",
                                     "\n   ````c\n",
                                     "`",
                                     "\n---\n",
                                     "\n+++\n",
                                     "\n\\---\n",
                                     "\n\xF0\x9F\x99\x88",
                                     "\xC3\xBC",
                                     "\n- item\n",
                                     "\n<details><summary>Step 1: a.b</summary>\n",
                                     "\n\\<details><summary>Step",
                                     "\n\n```json id\n{}\n```\n\n</details>\n",
                                     "\n<details><summary>Step 1: a.b</summary>\n\n"
                                     "```json id\n{}\n```\n\n</details>\n",
                                     "\n<!-- chatvim:state a/b\nQQ==\n-->\n",
                                     "\n<!-- chatvim:state a/b\n",
                                     "\n-->\n",
                                     "\n<details><summary>Answer: a/b</summary>\n",
                                     "\n\\<details><summary>Answer:",
                                     "\n<!-- chatvim:answer a/b x=1 -->\n",
                                     "\n<!-- chatvim:answer",
                                     "\n<details><summary>Answer: a/b</summary>\n\nx\n\n"
                                     "<!-- chatvim:answer c/d -->\n\n</details>\n"};
  for (const std::string_view line : {kReasoningOpen, kReasoningClose}) {
    tokens.push_back("\n" + std::string(line));
    tokens.push_back("\n\\" + std::string(line) + "\n");
    tokens.push_back("\n" + std::string(line) + " \n");
  }
  for (const Role role : {Role::kUser, Role::kAssistant, Role::kSystem}) {
    const std::string line(format.delimiter_of(role));
    tokens.push_back("\n" + line + "\n");
    tokens.push_back("\n" + line + " \n");
    tokens.push_back("\n\\" + line + "\n");
    tokens.push_back(line);
    tokens.push_back(line.substr(0, line.size() / 2));
  }
  return tokens;
}

inline rc::Gen<std::string> reply_of(const Format& format) {
  auto tokens = tokens_of(format);
  using namespace std::string_literals;
  for (const std::string& more :
       {"\r\n"s, "\r"s, "\0"s, "\xE2\x82"s, "\xFF"s, "\xED\xA0\xBD"s, "\xED\xB9\x88"s}) {
    tokens.push_back(more);
  }
  return text_of(std::move(tokens));
}

inline rc::Gen<std::string> document_of(const Format& format) {
  using namespace std::string_literals;
  return rc::gen::map(
      rc::gen::pair(rc::gen::element(""s, ""s, "---\n"s, "+++\n"s, "---\nmodel: x\n---\n"s,
                                     "+++\n\n+++"s, "q"s),
                    text_of(tokens_of(format))),
      [](const std::pair<std::string, std::string>& parts) { return parts.first + parts.second; });
}

/// Cuts `text` at random places, including within characters.
inline std::vector<std::string> cut(const std::string& text) {
  const auto sizes =
      *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 9));
  std::vector<std::string> pieces;
  std::size_t at = 0;
  for (const std::size_t size : sizes) {
    pieces.push_back(text.substr(std::min(at, text.size()), size));
    at += size;
  }
  pieces.push_back(text.substr(std::min(at, text.size())));
  return pieces;
}

/// Cuts one text in four into single bytes, the others at random.
inline std::vector<std::string> pieces_of(const std::string& text) {
  if (*rc::gen::inRange(0, 4) != 0) {
    return cut(text);
  }
  std::vector<std::string> pieces;
  for (const char byte : text) {
    pieces.emplace_back(1, byte);
  }
  return pieces;
}

inline Format delimiters(const std::string& user, const std::string& assistant,
                         const std::string& system) {
  Format format;
  format.user_delimiter = user;
  format.assistant_delimiter = assistant;
  format.system_delimiter = system;
  return format;
}

/// Returns formats that a user might choose, including delimiters that have a meaning in other
/// rules.
inline std::vector<Format> formats() {
  return {
      delimiters("**user**", "**assistant**", "**system**"),
      delimiters("U", "\\U", "\\\\U"),
      delimiters("x", "\\\\x", "\\"),
      delimiters("# X", "\\# X", "# Y # X"),
      delimiters("```", "~~~", "````"),
      delimiters("```lua", "`", "x"),
      delimiters(std::string(kReasoningOpen), "\\</details>", "a b"),
      delimiters("\\" + std::string(kReasoningOpen), std::string(kReasoningClose), "</details"),
      delimiters("\\---", "\\+++", "----"),
      delimiters("\\\\", "\\", "\\\\\\"),
      delimiters("\xF0\x9F\x99\x88", "\xC3\xBC", ">"),
  };
}

}  // namespace chatvim::testing
