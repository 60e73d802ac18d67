// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chatvim/text/utf8.hpp"
#include "node.hpp"

namespace chatvim::settings {

Source::Source(std::string_view text, int first_line) : text_(text), first_line_(first_line) {
  starts_.push_back(0);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    starts_.push_back(at + 1);
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) continuations_.push_back(at);
  }
}

Mark Source::at_offset(std::size_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = static_cast<std::size_t>(after - starts_.begin()) - 1;
  return at_bytes(line, offset - starts_[line]);
}

Mark Source::at_bytes(std::size_t line, std::size_t column) const {
  const std::size_t last = text_.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return {first_line_, 1};
  if (offset_of(line) > last) {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), last);
    line = static_cast<std::size_t>(after - starts_.begin()) - 1;
    column = last + 1 - starts_[line];
  }
  column = std::min(column, this->line(line).size());
  return {first_line_ + static_cast<int>(line), static_cast<int>(column) + 1};
}

Mark Source::at_code_points(std::size_t line, std::size_t column) const {
  const std::size_t start = offset_of(line);
  // Code points before `at`: its bytes without those that continue one.
  const auto before = [&](std::size_t at) {
    const auto count = [&](std::size_t offset) {
      return std::lower_bound(continuations_.begin(), continuations_.end(), offset) -
             continuations_.begin();
    };
    return at - start - static_cast<std::size_t>(count(at) - count(start));
  };
  std::size_t low = start;
  std::size_t high = start + this->line(line).size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (before(middle) < column) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  while (std::binary_search(continuations_.begin(), continuations_.end(), low)) ++low;
  return at_bytes(line, low - start);
}

std::size_t Source::offset_of(std::size_t line) const {
  return line < starts_.size() ? starts_[line] : text_.size();
}

std::string_view Source::line(std::size_t line) const {
  if (line >= starts_.size()) return {};
  std::string_view bytes = text_.substr(starts_[line]);
  bytes = bytes.substr(0, bytes.find('\n'));
  if (!bytes.empty() && bytes.back() == '\r') bytes.remove_suffix(1);
  return bytes;
}

std::optional<Diagnostic> Source::check() const {
  if (text_.size() > kMaxText) {
    return Diagnostic{{first_line_, 1},
                      Severity::kError,
                      fmt::format("The front matter is longer than {} KiB.", kMaxText / 1024)};
  }
  if (const auto bad = text::find_invalid_utf8(text_)) {
    return Diagnostic{at_offset(*bad), Severity::kError,
                      "This byte of the front matter is not UTF-8."};
  }
  for (std::size_t at = 0; at < text_.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text_[at]);
    const bool line_break = byte == '\n' || (byte == '\r' && text_.substr(at + 1, 1) == "\n");
    // yaml-cpp takes U+0004 for the end of the text and would leave out the rest without a word.
    if ((byte < 0x20 && byte != '\t' && !line_break) || byte == 0x7F) {
      return Diagnostic{
          at_offset(at), Severity::kError,
          fmt::format("The front matter holds the control character U+{:04X} here.", byte)};
    }
  }
  return std::nullopt;
}

}  // namespace chatvim::settings
