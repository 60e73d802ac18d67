// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "sources.hpp"

namespace chatvim::testing {

/// The rows of a function, from its head up to its last line, exclusive.
struct Unit {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Returns the innermost function of a source that all rows from `first` up to `last` are in, with
/// neither its head nor its last line among them. Told by the words that heads begin with and by
/// the indentation.
std::optional<Unit> unit_around(const SourceLines& source, std::size_t first, std::size_t last);

}  // namespace chatvim::testing
