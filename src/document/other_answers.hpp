// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chatvim/document/message.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

// The form of other answers, and of the line that says where an answer comes from (doc/format.md,
// section 8).
inline constexpr std::string_view kOtherOpen = "<details><summary>Answer: ";
inline constexpr std::string_view kOtherOpenEnd = "</summary>";
inline constexpr std::string_view kProvenanceOpen = "<!-- chatvim:answer ";
inline constexpr std::string_view kProvenanceEnd = " -->";

/// The special lines that count in the text of another answer.
inline constexpr SpecialLines::Kinds kInOther =
    SpecialLines::kEverywhere | SpecialLines::kStep | SpecialLines::kCloser;

/// Whether a line has the form of the first line of another answer.
bool opens_other(std::string_view line);

/// Whether a line that begins like another answer or a provenance names a model, so that it was
/// probably meant as one: a quiz may have "Answer: B".
bool names_model(std::string_view line);

/// Reads a line that says where an answer comes from; nothing if it does not have that form. A
/// value that cannot be read, and a key that is not known, are ignored.
std::optional<Provenance> read_provenance(std::string_view line);
/// Returns the line. Characters of the model's name that may not stand there become `_`.
std::string write_provenance(const Provenance& provenance);

/// Returns the lines of another answer. Whatever its fields hold, it reads back as one: special
/// lines of its text are escaped, and an open code fence is closed.
std::string write_other(const OtherAnswer& other, const SpecialLines& special);
/// Returns the text of an answer as it stands in its message, with the escapes that it needs there.
std::string write_text(std::string_view text, const SpecialLines& special);

}  // namespace chatvim::document
