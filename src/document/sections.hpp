// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

using Lines = std::span<const std::string_view>;

/// The lines between two delimiters of a body: a message, or nothing when `text` is empty.
struct Section {
  Role role = Role::kUser;
  Lines all;   ///< without the delimiter
  Lines text;  ///< without blank lines at the ends and an assistant's reasoning block
};

/// The sections of a body, those without text too; the first one is what comes before the first
/// delimiter.
std::vector<Section> read_sections(Lines body, const SpecialLines& special);

Lines without_blank_ends(Lines lines);

/// The special lines that count on a line of a message's text.
SpecialLines::Kinds kinds_on(Role role, bool first_line);

/// The text of a message's lines: what was escaped is not, and they are joined with `\n`.
std::string join(Lines text, Role role, const SpecialLines& special);

}  // namespace chatvim::document
