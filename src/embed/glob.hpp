// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/glob/pattern.hpp"
#include "session.hpp"

namespace chatvim::embed {

/// Returns the names that a pattern matches in its folder, sorted; may include folders. Folders
/// that may not be read are passed over. Too many matches are an error.
Result<std::vector<std::string>> find_names(Session& session, const Item& item,
                                            const glob::Pattern& pattern);

/// Embeds the files that a pattern matches. A relative pattern is relative to `folder`.
Result<void> embed_glob(Session& session, Item& item, Pieces& pieces, const std::string& pattern,
                        const std::string& folder);

}  // namespace chatvim::embed
