// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chatvim::cli {

/// Returns a name for a new chat in the folder, which no file has: `chat-DATE-TIME.md`, as
/// `:ChatvimNew` names them.
std::string new_chat_name(const std::string& folder);

}  // namespace chatvim::cli
