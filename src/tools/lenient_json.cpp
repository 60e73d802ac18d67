// SPDX-License-Identifier: Apache-2.0
#include "lenient_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace chatvim::tools {
namespace {

/// Returns the end of the string that starts at a quote.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

/// Returns the end of the comment that starts there, or `at` if none does.
std::size_t end_of_comment(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const bool is_line = rest.starts_with("//");
  if (!is_line && !rest.starts_with("/*")) return at;
  const std::size_t end = is_line ? text.find('\n', at) : text.find("*/", at + 2);
  if (end == std::string_view::npos) return text.size();
  return is_line ? end : end + 2;
}

/// Replaces commas before a closing bracket by spaces, so that places in the text stay the same.
std::string without_trailing_commas(std::string_view text) {
  std::string out(text);
  std::optional<std::size_t> comma;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (const std::size_t end = end_of_comment(text, at); end > at) {
      at = end;
      continue;
    }
    if (comma && (c == ']' || c == '}')) out[*comma] = ' ';
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (c == ',') {
      comma = at;
    } else if (!is_space) {
      comma.reset();
    }
    at = c == '"' ? end_of_string(text, at) : at + 1;
  }
  return out;
}

}  // namespace

tl::expected<Json, std::string> parse_lenient(std::string_view text) {
  const std::string plain = without_trailing_commas(text);
  try {
    return Json::parse(plain, nullptr, true, true);
  } catch (const Json::parse_error& error) {
    const std::string_view before = std::string_view(plain).substr(0, error.byte);
    return tl::unexpected(
        fmt::format("line {}", std::count(before.begin(), before.end(), '\n') + 1));
  }
}

}  // namespace chatvim::tools
