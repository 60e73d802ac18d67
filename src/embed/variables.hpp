// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/error.hpp"
#include "target.hpp"

namespace chatvim::embed {

/// A path with its variables expanded, plain and as a pattern.
struct Expanded {
  std::string path;
  std::string pattern;  ///< values of variables are escaped
};

/// Expands `~`, `$NAME` and `${NAME}`, except variables whose names look like secrets, which are an
/// error. The messages of errors are clauses.
Result<Expanded> expand_variables(std::string_view path, const Environment& environment);

}  // namespace chatvim::embed
