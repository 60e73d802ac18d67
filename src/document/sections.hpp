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

/// The lines between two delimiters of a body. If `text` is empty, this is not a message.
struct Section {
  Role role = Role::kUser;
  Lines all;   ///< without the delimiter
  Lines text;  ///< without blank lines at either end and without an assistant's reasoning block
};

/// Returns the sections of a body, including empty ones; the first is the text before the first
/// delimiter.
std::vector<Section> read_sections(Lines body, const SpecialLines& special);

Lines without_blank_ends(Lines lines);

/// Returns the kinds of special lines that count on a line of a message's text.
SpecialLines::Kinds kinds_on(Role role, bool first_line);

/// Returns the text of a message: its lines, unescaped and joined with `\n`. `begins_message` tells
/// whether its first line is that of the message.
std::string join(Lines text, Role role, const SpecialLines& special, bool begins_message = true);

}  // namespace chatvim::document
