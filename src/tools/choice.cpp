// SPDX-License-Identifier: Apache-2.0
#include "chatvim/tools/choice.hpp"

#include <algorithm>
#include <optional>

namespace chatvim::tools {
namespace {

/// Whether a pattern matches a whole text. After a mismatch only the last `*` has to match more:
/// whatever an earlier one could match, the last one can.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t in_text = 0;
  std::optional<std::size_t> after_star;
  std::size_t star_text = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      after_star = ++at;
      star_text = in_text;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[in_text])) {
      ++at;
      ++in_text;
    } else if (after_star) {
      at = *after_star;
      in_text = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

/// The parts of a label or pattern; a server's name has no dot.
struct Parts {
  explicit Parts(std::string_view whole) : server(whole.substr(0, whole.find('.'))) {
    if (server.size() < whole.size()) tool = whole.substr(server.size() + 1);
  }
  std::string_view server;
  std::optional<std::string_view> tool;
};

}  // namespace

bool is_chosen(std::string_view label, std::span<const std::string> patterns) {
  const Parts parts(label);
  return std::any_of(patterns.begin(), patterns.end(), [&parts](const std::string& pattern) {
    const Parts wanted(pattern);
    return matches(wanted.server, parts.server) &&
           (!wanted.tool || matches(*wanted.tool, parts.tool.value_or("")));
  });
}

bool chooses_server(std::string_view server, std::span<const std::string> patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [server](const std::string& pattern) {
    return matches(Parts(pattern).server, server);
  });
}

}  // namespace chatvim::tools
