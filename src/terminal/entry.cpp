// SPDX-License-Identifier: Apache-2.0
#include "chatvim/terminal/entry.hpp"

#include "chatvim/text/lines.hpp"

namespace chatvim::terminal {

namespace {

constexpr std::string_view kQuotes = "\"\"\"";

bool is_quoted(std::string_view text) {
  return text.starts_with(kQuotes) && text.ends_with(kQuotes) && text.size() >= 2 * kQuotes.size();
}

}  // namespace

bool is_open_entry(std::string_view text) {
  text = text::trim(text);
  return text.starts_with(kQuotes) && !is_quoted(text);
}

std::string entry_text(std::string_view text) {
  const std::string_view trimmed = text::trim(text);
  if (!is_quoted(trimmed)) return std::string(trimmed);
  return std::string(
      text::trim(trimmed.substr(kQuotes.size(), trimmed.size() - 2 * kQuotes.size())));
}

}  // namespace chatvim::terminal
