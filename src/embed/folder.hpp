// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session.hpp"

namespace chatvim::embed {

/// Embeds the folder `item.path`, which must be allowed: a tree of its names, then each text file.
Result<void> embed_folder(Session& session, Item& item, Pieces& pieces);

}  // namespace chatvim::embed
