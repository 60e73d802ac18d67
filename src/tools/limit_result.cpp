// SPDX-License-Identifier: Apache-2.0
#include "chatvim/tools/limit_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "chatvim/document/clean_text.hpp"
#include "chatvim/text/number.hpp"

namespace chatvim::tools {
namespace {

/// Room for the last line.
constexpr std::size_t kNoticeBytes = 100;

std::string clean(std::string_view text) {
  document::TextCleaner cleaner;
  std::string cleaned = cleaner.feed(text);
  return cleaned + cleaner.finish();
}

std::size_t count_lines(std::string_view text) {
  const auto breaks = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return text.empty() || text.ends_with('\n') ? breaks : breaks + 1;
}

/// Returns the size of the first `most` lines, or of all.
std::size_t size_of_lines(std::string_view text, std::size_t most) {
  std::size_t end = 0;
  for (; most > 0 && end < text.size(); --most) {
    const std::size_t line_break = text.find('\n', end);
    if (line_break == std::string_view::npos) return text.size();
    end = line_break + 1;
  }
  return end;
}

/// Returns how much of a text to keep: whole lines, or whole characters if a line is so long that
/// little would remain.
std::size_t kept_size(std::string_view text, std::size_t most) {
  std::size_t end = size_of_lines(text, kMostResultLines - 1);
  if (end <= most) return end;
  const std::size_t line_break = text.rfind('\n', most - 1);
  if (line_break != std::string_view::npos && line_break >= most / 2) return line_break + 1;
  end = most;
  const auto continues = [text](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (end > 0 && continues(end)) --end;
  return end;
}

}  // namespace

std::string limit_result(std::string text, std::size_t left_out) {
  text = clean(text);
  while (text.ends_with('\n')) text.pop_back();
  if (left_out == 0 && text.size() <= kMostResultBytes && count_lines(text) <= kMostResultLines) {
    return text;
  }
  const std::size_t kept = kept_size(text, kMostResultBytes - kNoticeBytes);
  const std::string_view rest = std::string_view(text).substr(kept);
  const std::size_t lines = count_lines(rest);
  std::string notice = fmt::format("[{} more bytes", text::with_commas(rest.size() + left_out));
  // Nobody has counted the lines of what is not here.
  if (left_out == 0) {
    notice += fmt::format(" in {} more line{}", text::with_commas(lines), lines == 1 ? "" : "s");
  }
  text.resize(kept);
  if (!text.ends_with('\n')) text += '\n';
  return text + notice + " left out]";
}

}  // namespace chatvim::tools
