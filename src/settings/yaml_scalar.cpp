// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "chatvim/text/utf8.hpp"
#include "yaml.hpp"

namespace chatvim::settings {
namespace {

constexpr std::string_view kTags = "tag:yaml.org,2002:";
constexpr std::string_view kDigits = "0123456789";

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

/// Takes the characters that are in `set` away from the start of `text`; how many there were.
std::size_t skip(std::string_view& text, std::string_view set) {
  const std::size_t count = std::min(text.find_first_not_of(set), text.size());
  text.remove_prefix(count);
  return count;
}

bool skip_sign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

/// `[-+]?[0-9]+`, `0o[0-7]+` and `0x[0-9a-fA-F]+`.
bool resolve_integer(std::string_view text, Node& node) {
  int base = 10;
  bool negative = false;
  std::string_view digits = text;
  if (text.starts_with("0o") || text.starts_with("0x")) {
    base = text[1] == 'o' ? 8 : 16;
    digits.remove_prefix(2);
  } else {
    negative = skip_sign(digits);
  }
  std::string_view rest = digits;
  const std::string_view set = base == 8    ? kDigits.substr(0, 8)
                               : base == 10 ? kDigits
                                            : std::string_view("0123456789abcdefABCDEF");
  if (skip(rest, set) == 0 || !rest.empty()) return false;

  std::string signed_digits = negative ? "-" : "";
  signed_digits += digits;
  const char* end = signed_digits.data() + signed_digits.size();
  const auto result = std::from_chars(signed_digits.data(), end, node.integer, base);
  node.kind = result.ec == std::errc() ? Kind::kInteger : Kind::kOther;
  if (node.kind == Kind::kOther) node.text = "a number beyond 64 bits";
  return true;
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` and the words for infinity and not a
/// number.
bool resolve_real(std::string_view text, Node& node) {
  std::string_view rest = text;
  const bool negative = skip_sign(rest);
  if (is_any_of(rest, {".inf", ".Inf", ".INF"})) {
    const double infinity = std::numeric_limits<double>::infinity();
    node.real = negative ? -infinity : infinity;
    node.kind = Kind::kReal;
    return true;
  }
  if (is_any_of(text, {".nan", ".NaN", ".NAN"})) {
    node.real = std::numeric_limits<double>::quiet_NaN();
    node.kind = Kind::kReal;
    return true;
  }
  const std::string_view unsigned_text = rest;
  std::size_t digits = skip(rest, kDigits);
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    digits += skip(rest, kDigits);
  }
  if (digits == 0) return false;
  if (rest.starts_with('e') || rest.starts_with('E')) {
    rest.remove_prefix(1);
    skip_sign(rest);
    if (skip(rest, kDigits) == 0) return false;
  }
  if (!rest.empty()) return false;

  const char* end = unsigned_text.data() + unsigned_text.size();
  const auto result = std::from_chars(unsigned_text.data(), end, node.real);
  node.kind = result.ec == std::errc() ? Kind::kReal : Kind::kOther;
  if (node.kind == Kind::kOther) node.text = "a number that is too large or too small";
  if (negative) node.real = -node.real;
  return true;
}

void resolve_plain(std::string text, Node& node) {
  if (is_any_of(text, {"", "~", "null", "Null", "NULL"})) {
    node.kind = Kind::kNull;
  } else if (is_any_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    node.kind = Kind::kBoolean;
    node.boolean = text[0] == 't' || text[0] == 'T';
  } else if (!resolve_integer(text, node) && !resolve_real(text, node)) {
    node.kind = Kind::kString;
    node.text = std::move(text);
  }
}

}  // namespace

void resolve_yaml_scalar(std::string_view tag, std::string text, Node& node) {
  const std::string_view full = tag;
  const bool standard = tag.starts_with(kTags);
  if (standard) tag.remove_prefix(kTags.size());
  if (tag == "!" || (standard && tag == "str")) {
    node.kind = Kind::kString;
    node.text = std::move(text);
    return;
  }
  if (tag == "?" || tag.empty()) {
    resolve_plain(std::move(text), node);
    return;
  }
  const Kind wanted = !standard        ? Kind::kOther
                      : tag == "null"  ? Kind::kNull
                      : tag == "bool"  ? Kind::kBoolean
                      : tag == "int"   ? Kind::kInteger
                      : tag == "float" ? Kind::kReal
                                       : Kind::kOther;
  if (wanted != Kind::kOther) resolve_plain(std::move(text), node);
  if (wanted == Kind::kReal && node.kind == Kind::kInteger) {
    node.kind = Kind::kReal;
    node.real = static_cast<double>(node.integer);
  }
  if (wanted == Kind::kOther || node.kind != wanted) {
    node.kind = Kind::kOther;
    node.text = fmt::format("a value with the tag {}", text::printable(full, 60));
  }
}

}  // namespace chatvim::settings
