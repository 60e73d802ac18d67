// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/json.hpp"

namespace chatvim::editor {

/// Reads the fields of a notification's map that must be there; `problem` says what is wrong with
/// the last one that is. The map must outlive it.
struct Fields {
  const Json& map;
  std::string problem;

  const std::string& text(const char* name);
  /// What must be done with the chat; an answer where the field is missing.
  chat::Mode mode();
  std::int64_t number(const char* name);
};

/// A field that may be missing; anything but text counts as none.
std::string optional_text(const Json& map, const char* name);

/// Where a chat is, and what may be sent with it; what is missing or of another type counts as
/// none.
chat::Origin origin_of(const Json& map);

/// The editor's settings: an empty Lua table comes as an empty list.
settings::Layer editor_layer(const Json& map);

}  // namespace chatvim::editor
