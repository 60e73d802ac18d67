// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"

namespace chatvim::editor {

// What becomes of the journals that answers have left. `journal` is the first of the names that a
// chat's journals may have; one whose answer still runs, in this program or another, is left alone.

/// The newest journal that was not offered yet, if the document lacks something of it:
/// `characters` of the answer, the `time` of the last, and `whole` where the answer had ended. It
/// counts as offered from now on.
Result<Json> offer_journal(const std::string& journal, std::string_view document);

/// What the document lacks of the newest journal, as an edit: the lines from index `first` up to
/// `last` become `lines` (none where nothing is missing); with `characters` and `time` of the
/// answer, and the `journal` it is from.
Result<Json> recover_journal(const std::string& journal, std::string_view document);

/// Where in a document the question of a journal stands, given the journal's bytes.
std::optional<std::size_t> find_journalled(std::string_view journal, std::string_view document);

/// Removes a journal, by its own name.
void discard_journal(const std::string& journal);

}  // namespace chatvim::editor
