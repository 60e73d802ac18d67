// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"

namespace chatvim::editor {

/// Reads the answers of the message `answers`, which end now. `kBadMessage` if one has no model or
/// no text, which may be empty.
Result<std::vector<document::OtherAnswer>> read_answers(const std::vector<Json>& maps);

}  // namespace chatvim::editor
