// SPDX-License-Identifier: Apache-2.0
#include "find_format.hpp"

#include <string>

#include "chatvim/json/cursor.hpp"

namespace chatvim::wire {

std::optional<Api> find_format(std::string_view text) {
  json::JsonCursor json(text);
  std::string type;
  std::string object;
  bool choices = false;
  bool content = false;
  json.members([&](std::string_view key) {
    if (key == "type") {
      json.string_or_skip(type);
    } else if (key == "object") {
      json.string_or_skip(object);
    } else {
      const bool is_list = json.kind() == json::JsonCursor::Kind::kArray;
      choices = choices || (is_list && key == "choices");
      content = content || (is_list && key == "content");
      json.skip();
    }
  });
  if (!json.readable()) return std::nullopt;
  if (choices) return Api::kChat;
  if (type.starts_with("response.") || object == "response") return Api::kResponses;
  const bool is_event = type.starts_with("content_block_") || type.starts_with("message_");
  if (is_event || (type == "message" && content)) return Api::kMessages;
  return std::nullopt;
}

}  // namespace chatvim::wire
