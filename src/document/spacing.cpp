// SPDX-License-Identifier: Apache-2.0
#include "spacing.hpp"

#include <algorithm>
#include <iterator>

namespace chatvim::document {

std::string whole_lines(std::string_view setting) {
  std::string lines;
  std::copy_if(setting.begin(), setting.end(), std::back_inserter(lines), [](char character) {
    return character == ' ' || character == '\t' || character == '\n';
  });
  const std::size_t last = lines.rfind('\n');
  if (last == std::string::npos) {
    return "\n";
  }
  lines.resize(last + 1);
  return lines;
}

std::string whole_lines_below(std::string_view setting) {
  std::string lines = whole_lines(setting);
  return lines.substr(lines.find('\n'));
}

std::string missing(std::string_view wanted, std::string_view present) {
  auto breaks = std::count(present.begin(), present.end(), '\n');
  if (breaks == 0) {
    return std::string(wanted);
  }
  while (breaks > 0 && !wanted.empty()) {
    wanted.remove_prefix(std::min(wanted.find('\n'), wanted.size() - 1) + 1);
    --breaks;
  }
  return wanted.empty() && present.back() != '\n' ? "\n" : std::string(wanted);
}

}  // namespace chatvim::document
