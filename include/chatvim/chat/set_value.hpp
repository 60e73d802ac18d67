// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"

namespace chatvim::chat {

/// Replaces the lines of a document from index `first` up to, but not including, `last`.
struct LineEdit {
  std::size_t first = 0;
  std::size_t last = 0;
  std::vector<std::string> lines;
};

/// Returns the edit that sets one setting in the front matter of a document, whose front matter
/// must be usable, and changes nothing else. A document without front matter gets one. `value` is a
/// string or a list of strings, each one line of UTF-8.
Result<LineEdit> set_value(std::span<const std::string_view> lines, std::string_view key,
                           const Json& value);

/// Returns the edit that sets `tools`: which tools the chat may use.
Result<LineEdit> set_tools(std::span<const std::string_view> lines,
                           const std::vector<std::string>& names);

}  // namespace chatvim::chat
