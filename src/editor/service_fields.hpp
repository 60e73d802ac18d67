// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/json.hpp"

namespace chatvim::editor {

/// Reads required fields of a notification's map; `problem` describes the last missing or invalid
/// one. The map must outlive it.
struct Fields {
  const Json& map;
  std::string problem;

  const std::string& text(const char* name);
  /// Returns the mode of the request; `kAnswer` if the field is missing.
  chat::Mode mode();
  std::int64_t number(const char* name);
};

/// Returns an optional field; "" if it is missing or not a string.
std::string optional_text(const Json& map, const char* name);

/// Reads where a chat is and what may be sent with it; fields that are missing or of another type
/// are ignored.
chat::Origin origin_of(const Json& map);

/// Reads the editor's settings. An empty Lua table arrives as an empty list.
settings::Layer editor_layer(const Json& map);

}  // namespace chatvim::editor
