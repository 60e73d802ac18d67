// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/mode.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/settings/settings.hpp"

// The table of the messages that Lua sends: handlers are bound and fields are checked by it, and
// the tables of doc/protocol.md are made from it (CHATVIM_REWRITE=1 chatvim_unit_tests "[docs]").
namespace chatvim::editor {

/// The version of the protocol; `lua/chatvim/program/process.lua` has the same number.
inline constexpr int kProtocolVersion = 2;

/// The type of a field's value.
enum class FieldType { kString, kInteger, kBoolean, kStrings, kMaps, kMap };

/// The name of a type in doc/protocol.md, such as "int".
std::string_view name_of(FieldType type);

/// A field of a message. A required field that is missing or has another type makes the message
/// invalid; an optional field with another type counts as missing.
struct Field {
  std::string_view name;
  FieldType type = FieldType::kString;
  bool required = true;
  std::string_view meaning;  ///< in markdown, for doc/protocol.md
};

/// A message from Lua.
struct MessageType {
  std::string_view name;
  bool has_chat = false;  ///< it takes `shared_fields` too
  std::vector<Field> fields;
};

/// All messages from Lua, in the order of doc/protocol.md.
std::span<const MessageType> message_types();
/// The fields of every message that carries a chat.
std::span<const Field> shared_fields();

/// The first reason why a map is not a message of this type, as `kBadMessage`.
Result<void> check_message(const MessageType& type, const Json& map);

/// The fields of a message that has been checked. The map must outlive it.
class Message {
 public:
  explicit Message(const Json& map) : map_(&map) {}

  bool has(std::string_view name) const;
  /// The value, or "", 0, false, or an empty list if the field is missing.
  const std::string& text(std::string_view name) const;
  std::int64_t number(std::string_view name) const;
  bool flag(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  std::vector<Json> maps(std::string_view name) const;

  /// `kBadMessage` if the field is there and names no mode.
  Result<chat::Mode> mode() const;
  /// Where the chat is, and what may be sent with it.
  chat::Origin origin() const;
  /// The editor's settings. Lua sends an empty table as an empty list.
  settings::Layer settings() const;
  /// Settings for this request only, which override the document's.
  settings::Layer overriding() const;

 private:
  settings::Layer layer(std::string_view name) const;
  const Json* find(std::string_view name) const;

  const Json* map_;
};

}  // namespace chatvim::editor
