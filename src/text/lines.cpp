// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/lines.hpp"

#include <algorithm>
#include <cstddef>

#include "chatvim/text/utf8.hpp"

namespace chatvim::text {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r";

}  // namespace

std::vector<std::string_view> split_file(std::string_view file) {
  if (file.starts_with(kByteOrderMark)) {
    file.remove_prefix(kByteOrderMark.size());
  }
  std::vector<std::string_view> lines;
  lines.reserve(static_cast<std::size_t>(std::count(file.begin(), file.end(), '\n')) + 1);
  while (!file.empty()) {
    const std::size_t end = file.find('\n');
    if (end == std::string_view::npos) {
      lines.push_back(file);
      break;
    }
    const bool carriage_return = end > 0 && file[end - 1] == '\r';
    lines.push_back(file.substr(0, carriage_return ? end - 1 : end));
    file.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string_view> split_buffer(std::string_view joined) {
  std::vector<std::string_view> lines;
  lines.reserve(static_cast<std::size_t>(std::count(joined.begin(), joined.end(), '\n')) + 1);
  for (;;) {
    const std::size_t end = joined.find('\n');
    lines.push_back(joined.substr(0, end));
    if (end == std::string_view::npos) {
      return lines;
    }
    joined.remove_prefix(end + 1);
  }
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string_view trim_end(std::string_view line) {
  return line.substr(0, line.find_last_not_of(kWhiteSpace) + 1);
}

std::string_view without_returns(std::string_view line) {
  return line.substr(0, line.find_last_not_of('\r') + 1);
}

std::string_view trim(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(kWhiteSpace), line.size()));
  return trim_end(line);
}

}  // namespace chatvim::text
