// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "session.hpp"

namespace chatvim::embed {

/// Embeds the files that a pattern matches. A relative pattern is relative to `folder`.
Result<void> embed_glob(Session& session, Item& item, Pieces& pieces, const std::string& pattern,
                        const std::string& folder);

}  // namespace chatvim::embed
