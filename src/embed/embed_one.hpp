// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session.hpp"

namespace chatvim::embed {

/// Puts what one embed points at into `parts` and the facts about it into `item`, whose source,
/// line and target are there. Where it lies outside, the session is told and nothing is added. An
/// error's message is a clause.
Result<void> embed_one(Session& session, Item& item, Pieces& pieces);

}  // namespace chatvim::embed
