// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/format.hpp"

#include "chatvim/document/message.hpp"

namespace chatvim::document {

std::string_view Format::delimiter_of(Role role) const {
  switch (role) {
    case Role::kSystem:
      return system_delimiter;
    case Role::kAssistant:
      return assistant_delimiter;
    case Role::kUser:
      break;
  }
  return user_delimiter;
}

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kSystem:
      return "system";
    case Role::kAssistant:
      return "assistant";
    case Role::kUser:
      break;
  }
  return "user";
}

}  // namespace chatvim::document
