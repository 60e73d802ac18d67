// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "comparison.hpp"

// What a file is made of: functions, and containers such as classes, with their members. Told by
// words and indentation, without knowledge of the language; what is unclear is a statement.
namespace chatvim::patch {

/// Whether a line is a comment, by how it begins.
bool is_comment(std::string_view line);

/// Whether a line opens a container, such as a class, a namespace, a table or a rule, by its text.
bool opens_container(std::string_view line);

/// Whether a function, a class, a table, a section or the like begins at a row. Statements such as
/// `if`, and entries that take one line, do not count.
bool is_member_head(const Lines& target, std::size_t row);

/// Returns the row after the last line that is deeper than the line at `row`.
std::size_t end_of_deeper(const Lines& target, std::size_t row);

/// Returns the row of the line that encloses a row, or nothing at the top of a file.
std::optional<std::size_t> parent_of(const Lines& target, std::size_t row);

/// Returns what names a member: the name of a function, the key of an entry, or its whole text.
std::string_view member_name(std::string_view line);

/// Whether a line has a name as a whole word.
bool has_name(std::string_view line, std::string_view name);

}  // namespace chatvim::patch
