// SPDX-License-Identifier: Apache-2.0
#include "error_log.hpp"

#include <algorithm>

#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::mcp {

namespace {

constexpr std::size_t kMostLine = 500;
constexpr std::size_t kMostLogged = 64 * 1024;

}  // namespace

void ErrorLog::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    line_.append(part.substr(0, 2 * kMostLine - std::min(2 * kMostLine, line_.size())));
    if (end == std::string_view::npos) return;
    end_line();
    bytes.remove_prefix(end + 1);
  }
}

void ErrorLog::finish() {
  if (!line_.empty()) end_line();
}

void ErrorLog::end_line() {
  const std::string line = text::printable(text::trim(line_), kMostLine);
  line_.clear();
  if (line.empty()) return;
  last_line_ = line;
  if (is_full_) return;
  logged_ += line.size();
  is_full_ = logged_ > kMostLogged;
  on_line_(is_full_ ? "further lines of the server are not logged" : line);
}

}  // namespace chatvim::mcp
