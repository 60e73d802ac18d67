// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/clean_text.hpp"
#include "chatvim/document/writer.hpp"
#include "line_escaper.hpp"
#include "spacing.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

std::string write_user_message(const Format& format, const Tail& tail, std::string_view text) {
  const std::string suffix = whole_lines(format.delimiter_suffix);
  std::string out;
  if (tail.under == Role::kUser) {
    out = missing(suffix, tail.white_space);
  } else {
    if (!tail.empty) {
      out = missing(whole_lines_below(format.delimiter_prefix), tail.white_space);
    }
    out += format.user_delimiter;
    out += suffix;
  }
  TextCleaner cleaner;
  std::string clean = cleaner.feed(text);
  clean += cleaner.finish();
  const SpecialLines special(format, tail.marker);
  LineEscaper escaper(special, SpecialLines::kEverywhere, SpecialLines::kEverywhere);
  escaper.feed(clean, out);
  escaper.finish(out);
  return out;
}

std::string write_user_delimiter(const Format& format) {
  return whole_lines_below(format.delimiter_prefix) + format.user_delimiter +
         whole_lines(format.delimiter_suffix);
}

}  // namespace chatvim::document
