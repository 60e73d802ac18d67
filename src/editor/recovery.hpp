// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"

namespace chatvim::editor {

// Recovers answers from journals left after a crash. `journal` is the first of the names that a
// chat's journals may have. A journal whose answer is still being written, by this program or
// another, is not touched.

/// Offers the newest journal that was not offered yet, if part of it is missing in the document.
/// Returns the number of `characters` of the answer, the `time` of the last text, and `whole`,
/// which is true if the answer had ended. The journal then counts as offered.
Result<Json> offer_journal(const std::string& journal, std::string_view document);

/// Returns the edit that adds what the document lacks of the newest journal: the lines from index
/// `first` up to, but not including, `last` become `lines` (empty if nothing is missing). Also
/// returns `characters` and `time` of the answer, and the path of the `journal`.
Result<Json> recover_journal(const std::string& journal, std::string_view document);

/// Returns the offset in a document of the question that a journal belongs to; `journal` is the
/// journal's content.
std::optional<std::size_t> find_journalled(std::string_view journal, std::string_view document);

/// Removes the journal with this exact name.
void discard_journal(const std::string& journal);

}  // namespace chatvim::editor
