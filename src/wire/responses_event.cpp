// SPDX-License-Identifier: Apache-2.0
#include "responses_event.hpp"

#include <utility>

#include "any_text.hpp"
#include "chatvim/json/cursor.hpp"
#include "error_body.hpp"
#include "token_usage.hpp"

namespace chatvim::wire {
namespace {

using Kind = json::JsonCursor::Kind;

/// Reads a part of an item. A plain string, as some servers send, gets the type `plain`.
void read_part(json::JsonCursor& json, OutputPart& part, std::string_view plain = {}) {
  if (json.kind() == Kind::kString) {
    part.type = plain;
    return append_text(json, part.text);
  }
  json.members([&](std::string_view key) {
    if (key == "type") {
      json.string_or_skip(part.type);
    } else if (key == "text" || key == "refusal") {
      append_text(json, part.text);
    } else if (key == "annotations") {
      json.elements([&] { part.sources.push_back(read_source(json)); });
    } else {
      json.skip();
    }
  });
}

void read_parts(json::JsonCursor& json, std::vector<OutputPart>& parts, std::string_view plain) {
  if (json.kind() != Kind::kArray) return read_part(json, parts.emplace_back(), plain);
  json.elements([&] { read_part(json, parts.emplace_back(), plain); });
}

void read_arguments(json::JsonCursor& json, std::string& out) {
  if (json.kind() == Kind::kObject || json.kind() == Kind::kArray) {
    out = json.raw();
  } else {
    json.string_or_skip(out);
  }
}

void read_item(json::JsonCursor& json, OutputItem& item) {
  const std::string_view rest = json.rest();
  json.members([&](std::string_view key) {
    if (key == "type") {
      json.string_or_skip(item.type);
    } else if (key == "id") {
      json.string_or_skip(item.id);
    } else if (key == "call_id") {
      json.string_or_skip(item.call_id);
    } else if (key == "name") {
      json.string_or_skip(item.name);
    } else if (key == "phase") {
      json.string_or_skip(item.phase);
    } else if (key == "arguments" || key == "input") {
      read_arguments(json, item.arguments);
    } else if (key == "content") {
      read_parts(json, item.content, "output_text");
    } else if (key == "summary") {
      read_parts(json, item.summary, "summary_text");
    } else {
      json.skip();
    }
  });
  if (item.type == "reasoning" || item.type == "web_search_call") {
    item.json = rest.substr(0, rest.size() - json.rest().size());
  }
}

void read_response(json::JsonCursor& json, ResponseObject& out) {
  std::string object;
  std::string type;
  json.members([&](std::string_view key) {
    if (key == "object") {
      json.string_or_skip(object);
    } else if (key == "type") {
      json.string_or_skip(type);
    } else if (key == "status") {
      json.string_or_skip(out.status);
    } else if (key == "incomplete_details") {
      json.members([&](std::string_view detail) {
        detail == "reason" ? void(json.string_or_skip(out.incomplete_reason)) : json.skip();
      });
    } else if (is_error_key(key)) {
      if (json.truthy()) out.error = true;
    } else if (key == "usage") {
      read_usage(json, out.usage);
    } else if (key == "output") {
      json.elements([&] { read_item(json, out.output.emplace_back()); });
    } else {
      json.skip();
    }
  });
  if (object == "error" || type == "error") out.error = true;
  out.known = object == "response" || !out.output.empty();
}

}  // namespace

std::optional<ResponsesEvent> read_responses_event(std::string_view text) {
  json::JsonCursor json(text);
  ResponsesEvent event;
  json.members([&](std::string_view key) {
    if (key == "type") {
      json.string_or_skip(event.type);
    } else if (key == "output_index") {
      event.output_index = json.integer_or_skip();
    } else if (key == "content_index" || key == "summary_index") {
      event.part_index = json.integer_or_skip().value_or(0);
    } else if (key == "item_id") {
      json.string_or_skip(event.item_id);
    } else if (key == "delta") {
      append_text(json, event.delta);
    } else if (key == "text" || key == "refusal") {
      append_text(json, event.whole);
    } else if (key == "arguments" || key == "input") {
      json.string_or_skip(event.whole);
    } else if (is_error_key(key)) {
      if (json.truthy()) event.error = true;
    } else if (key == "object") {
      std::string object;
      if (json.string_or_skip(object) && object == "error") event.error = true;
    } else if (key == "annotation") {
      event.source = read_source(json);
    } else if (key == "part") {
      read_part(json, event.part);
    } else if (key == "item") {
      read_item(json, event.item);
    } else if (key == "response") {
      read_response(json, event.response);
    } else {
      json.skip();
    }
  });
  if (!json.readable()) return std::nullopt;
  event.damaged = json.odd();
  return event;
}

std::optional<ResponseObject> read_response_object(std::string_view text) {
  json::JsonCursor json(text);
  ResponseObject response;
  read_response(json, response);
  if (!json.readable()) return std::nullopt;
  return response;
}

}  // namespace chatvim::wire
