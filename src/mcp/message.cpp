// SPDX-License-Identifier: Apache-2.0
#include "message.hpp"

#include <charconv>

#include "chatvim/json/cursor.hpp"
#include "chatvim/json/text.hpp"
#include "chatvim/text/utf8.hpp"
#include "limits.hpp"

namespace chatvim::mcp {

namespace {

using json::JsonCursor;

/// Joins pairs of surrogates that were escaped one by one, and replaces what is not UTF-8.
std::string valid_text(const std::string& bytes) {
  text::Utf8Stream stream;
  std::string out = stream.feed(bytes);
  return out += stream.finish();
}

void read_error(JsonCursor& cursor, Message& message) {
  cursor.members([&](std::string_view name) {
    if (name == "code") {
      message.error_code = cursor.integer_or_skip().value_or(0);
    } else if (name == "message") {
      std::string text;
      if (cursor.string_or_skip(text)) message.error_message = valid_text(text);
    } else if (name == "data") {
      message.error_data = cursor.raw();
    } else {
      cursor.skip();
    }
  });
}

Message read_message(JsonCursor& cursor) {
  Message message;
  bool has_result = false;
  bool has_error = false;
  cursor.members([&](std::string_view name) {
    if (name == "method") {
      cursor.string_or_skip(message.method);
    } else if (name == "id") {
      const bool is_null = cursor.kind() == JsonCursor::Kind::kNull;
      message.id = cursor.raw();
      if (is_null) message.id = {};
    } else if (name == "params") {
      message.params = cursor.raw();
    } else if (name == "result") {
      has_result = true;
      message.result = cursor.raw();
    } else if (name == "error") {
      has_error = cursor.kind() == JsonCursor::Kind::kObject;
      read_error(cursor, message);
    } else {
      cursor.skip();
    }
  });
  if (!message.method.empty()) {
    message.kind = message.id.empty() ? Message::Kind::kNotification : Message::Kind::kRequest;
  } else if (has_error) {  // some servers add "result": null
    message.kind = Message::Kind::kError;
  } else if (has_result) {
    message.kind = Message::Kind::kResult;
  }
  return message;
}

}  // namespace

std::optional<std::vector<Message>> parse_messages(std::string_view json) {
  JsonCursor cursor(json);
  std::vector<Message> messages;
  if (cursor.kind() == JsonCursor::Kind::kArray) {
    cursor.array([&] {
      if (messages.size() == kMostInBatch) return cursor.skip();
      messages.push_back(read_message(cursor));
    });
  } else if (cursor.kind() == JsonCursor::Kind::kObject) {
    messages.push_back(read_message(cursor));
  }
  if (!cursor.complete()) return std::nullopt;
  return messages;
}

std::optional<std::int64_t> id_number(std::string_view json) {
  if (json.size() > 2 && json.front() == '"') {
    json.remove_prefix(1);
    json.remove_suffix(1);
  }
  JsonCursor cursor(json);
  const auto number = cursor.integer_or_skip();
  return cursor.complete() ? number : std::nullopt;
}

std::optional<std::string> string_member(std::string_view object, std::string_view name) {
  JsonCursor cursor(object);
  std::optional<std::string> found;
  cursor.members([&](std::string_view key) {
    std::string text;
    if (key != name) return cursor.skip();
    if (cursor.string_or_skip(text)) found = valid_text(text);
  });
  return found;
}

std::string_view raw_member(std::string_view object, std::string_view name) {
  JsonCursor cursor(object);
  std::string_view found;
  cursor.members([&](std::string_view key) {
    if (key != name) return cursor.skip();
    found = cursor.raw();
  });
  return found;
}

std::vector<std::string> string_elements(std::string_view array) {
  JsonCursor cursor(array);
  std::vector<std::string> all;
  cursor.elements([&] {
    std::string text;
    if (cursor.string_or_skip(text)) all.push_back(valid_text(text));
  });
  return all;
}

std::string json_string(std::string_view text) {
  std::string out;
  json::append_json_string(out, text::replace_invalid_utf8(text));
  return out;
}

}  // namespace chatvim::mcp
