// SPDX-License-Identifier: Apache-2.0
#include "request_json.h"

#include <nlohmann/json.hpp>

namespace chatvim::standin {
namespace {

using nlohmann::json;

// Parses the body without its messages, which are most of it; returns a non-object if it is not
// valid JSON.
json settings_of(std::string_view body) {
  const auto skip_messages = [](int depth, json::parse_event_t event, json& parsed) {
    return !(depth == 1 && event == json::parse_event_t::key && parsed == "messages");
  };
  return json::parse(body, skip_messages, false);
}

const json* member(const json& value, const char* key) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(key);
  return found == value.end() ? nullptr : &*found;
}

bool is_true(const json* value) { return value != nullptr && *value == true; }

// Returns the text of a content, which is a string or a list of parts, some with text.
std::string text_of(const json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (!content.is_array()) return text;
  for (const json& part : content) {
    const json* piece = member(part, "text");
    if (piece != nullptr && piece->is_string()) text += piece->get<std::string>();
  }
  return text;
}

}  // namespace

std::string model_of(std::string_view body) {
  const json settings = settings_of(body);
  const json* model = member(settings, "model");
  return model != nullptr && model->is_string() ? model->get<std::string>() : std::string();
}

bool asks_for_stream(std::string_view body) {
  const json settings = settings_of(body);
  return is_true(member(settings, "stream"));
}

bool asks_for_usage(std::string_view body) {
  const json settings = settings_of(body);
  const json* options = member(settings, "stream_options");
  return options != nullptr && is_true(member(*options, "include_usage"));
}

std::string last_question(std::string_view body) {
  const json request = json::parse(body, nullptr, false);
  const json* messages = member(request, "messages");
  std::string question;
  if (messages == nullptr || !messages->is_array()) return question;
  for (const json& message : *messages) {
    const json* role = member(message, "role");
    const json* content = member(message, "content");
    if (role != nullptr && *role == "user" && content != nullptr) question = text_of(*content);
  }
  return question;
}

std::string begun_answer(std::string_view body) {
  const json request = json::parse(body, nullptr, false);
  const json* messages = member(request, "messages");
  if (messages == nullptr || !messages->is_array() || messages->empty()) return {};
  const json* role = member(messages->back(), "role");
  const json* content = member(messages->back(), "content");
  const bool is_answer = role != nullptr && *role == "assistant" && content != nullptr;
  return is_answer ? text_of(*content) : std::string();
}

}  // namespace chatvim::standin
