// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch_tostring.hpp>
#include <ostream>

#include "buffer.hpp"

namespace chatvim::document {

inline std::ostream& operator<<(std::ostream& out, const Message& message) {
  return out << name_of(message.role) << ": " << Catch::Detail::stringify(message.content);
}

}  // namespace chatvim::document
