// SPDX-License-Identifier: Apache-2.0
#include "messages_event.hpp"

#include "any_text.hpp"
#include "chatvim/json/cursor.hpp"
#include "error_body.hpp"
#include "finish_reason.hpp"

namespace chatvim::wire {
namespace {

using Kind = json::JsonCursor::Kind;

struct Reading {
  json::JsonCursor json;
  MessagesEvent& event;
  MessageUsage& usage;

  void members_of_event() {
    json.members([&](std::string_view key) {
      if (key == "type") {
        json.string_or_skip(event.type);
      } else if (key == "index") {
        event.index = json.integer_or_skip().value_or(0);
      } else if (key == "content_block") {
        block(event.block);
      } else if (key == "delta") {
        delta();
      } else if (key == "message") {
        json.members([&](std::string_view inner) { message_member(inner); });
      } else if (is_error_key(key)) {
        if (json.truthy()) event.error = true;
      } else if (key == "object") {
        std::string object;
        if (json.string_or_skip(object) && object == "error") event.error = true;
      } else {
        message_member(key);  // a whole message has its members at the top level
      }
    });
  }

  void message_member(std::string_view key) {
    if (key == "usage") {
      usage.read(json);
    } else if (key == "content") {
      content();
    } else if (!stop_member(key)) {
      json.skip();
    }
  }

  void delta() {
    if (json.kind() == Kind::kString) return block(event.block);
    json.members([&](std::string_view key) {
      if (is_error_key(key)) {
        if (json.truthy()) event.error = true;
      } else if (!stop_member(key)) {
        block_member(key, event.block);
      }
    });
  }

  /// Reads the blocks of a message; a compatible server may send its text as a plain string.
  void content() {
    if (json.kind() == Kind::kString) return block(event.content.emplace_back());
    json.elements([&] { block(event.content.emplace_back()); });
  }

  void block(ContentBlock& out) {
    if (json.kind() == Kind::kString) {
      out.type = "text";
      json.string(out.text);
    } else {
      json.members([&](std::string_view key) { block_member(key, out); });
    }
  }

  bool stop_member(std::string_view key) {
    if (key == "stop_reason") {
      read_reason(json, event.stop.reason);
    } else if (key == "stop_details") {
      json.members([&](std::string_view detail) {
        detail == "explanation" ? void(json.string_or_skip(event.stop.explanation)) : json.skip();
      });
    } else {
      return false;
    }
    return true;
  }

  void block_member(std::string_view key, ContentBlock& block) {
    if (key == "type") {
      json.string_or_skip(block.type);
    } else if (key == "text") {
      append_text(json, block.text);
    } else if (key == "thinking") {
      append_text(json, block.thinking);
    } else if (key == "content") {
      append_text(json, block.content);
    } else if (key == "id") {
      json.string_or_skip(block.id);
    } else if (key == "name") {
      json.string_or_skip(block.name);
    } else if (key == "partial_json") {
      json.string_or_skip(block.partial_json);
    } else if (key == "input") {
      input(block);
    } else if (key == "signature") {
      json.string_or_skip(block.signature);
    } else if (key == "data") {
      json.string_or_skip(block.data);
    } else if (key == "citation") {
      block.citations.push_back(read_source(json));
    } else if (key == "citations") {
      json.elements([&] { block.citations.push_back(read_source(json)); });
    } else {
      json.skip();
    }
  }

  /// Reads the input of a tool call. `{}` means that the input follows in deltas.
  void input(ContentBlock& block) {
    if (json.kind() != Kind::kObject) return json.skip();
    const std::string_view text = json.raw();
    if (text.find('"') != std::string_view::npos) block.input = text;
  }
};

}  // namespace

std::optional<MessagesEvent> read_messages_event(std::string_view text, MessageUsage& usage) {
  MessagesEvent event;
  Reading reading{json::JsonCursor(text), event, usage};
  reading.members_of_event();
  if (!reading.json.readable()) return std::nullopt;
  event.damaged = reading.json.odd();
  return event;
}

}  // namespace chatvim::wire
