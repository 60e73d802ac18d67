// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session.hpp"

namespace chatvim::embed {

/// Appends the content of one embed to `pieces` and fills in `item`, whose source, line and target
/// are already set. If the file needs the user's permission, records that in the session and adds
/// nothing. An error's message is a clause.
Result<void> embed_one(Session& session, Item& item, Pieces& pieces);

}  // namespace chatvim::embed
