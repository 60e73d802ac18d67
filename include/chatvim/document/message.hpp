// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::document {

/// Who speaks in a message.
enum class Role { kSystem, kUser, kAssistant };

/// "system", "user" or "assistant".
std::string_view name_of(Role role);

/// One message of a chat: its role and its text, lines joined with `\n`, never empty.
struct Message {
  Role role = Role::kUser;
  std::string content;
};

}  // namespace chatvim::document
