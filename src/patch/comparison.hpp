// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::patch {

using Lines = std::vector<std::string_view>;
/// Lines as numbers: equal lines, by the rules of a comparison, have the same one.
using Ids = std::vector<std::uint32_t>;

/// Returns the indentation that all lines with words begin with.
std::string common_indentation(const Lines& lines);

/// How lines of a block are compared with those of a target: with or without white space at their
/// ends, after a constant change of the block's indentation.
struct Comparison {
  bool ignores_end = false;   ///< white space at the ends of lines
  std::string add = {};       ///< white space that the block's lines lack
  std::string remove = {};    ///< white space that they have too much
  std::size_t tab_width = 0;  ///< > 0: the block has spaces for tabs, or tabs for spaces
  bool has_tabs = false;      ///< with `tab_width`: the target has tabs

  /// Whether the block's indentation is changed.
  bool shifts() const { return !add.empty() || !remove.empty() || tab_width > 0; }
  /// Returns a line of the block as it is to be written, or nothing if it cannot be changed so.
  std::optional<std::string> apply(std::string_view line) const;
};

/// Returns the comparisons to try, strictest first: exact, without white space at the ends, and
/// then the shifts by which a line of the block could be a line of the target.
std::vector<Comparison> comparisons(const Lines& target, const Lines& block);

/// A target and a block by the rules of a comparison.
struct Compared {
  const Lines* target_lines = nullptr;
  std::vector<std::string> block_lines;  ///< as they are to be written
  Ids target;
  Ids block;
  std::vector<std::uint32_t> uses;  ///< by number: how often the line stands in the target

  bool is_unique(std::uint32_t id) const { return uses[id] == 1; }
};

/// Returns nothing if the indentation of the block cannot be changed so.
std::optional<Compared> compare(const Lines& target, const Lines& block, const Comparison& how);

}  // namespace chatvim::patch
