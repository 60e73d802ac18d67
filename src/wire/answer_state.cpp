// SPDX-License-Identifier: Apache-2.0
#include "answer_state.hpp"

#include <cstddef>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "chatvim/json.hpp"
#include "chatvim/json/cursor.hpp"
#include "chatvim/json/text.hpp"
#include "chatvim/text/base64.hpp"

namespace chatvim::wire {
namespace {

constexpr std::size_t kMostState = std::size_t{8} << 20;

/// Returns the array in a state, or null. The cursor limits its depth, which nlohmann's parser does
/// not.
Json state_array(std::string_view base64) {
  if (base64.size() > text::base64_size(kMostState)) return nullptr;
  const auto text = text::decode_base64(base64);
  if (!text) return nullptr;
  json::JsonCursor cursor(*text);
  Json tree = cursor.tree();
  return cursor.complete() && tree.is_array() ? tree : Json();
}

std::string string_in(const Json& item, const char* key) {
  const auto found = item.find(key);
  return found != item.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Returns an object with these members only, as JSON. Long strings are nearly all of it, and
/// nlohmann's `dump` writes them byte by byte.
std::string only(const Json& item, std::initializer_list<const char*> keys) {
  std::string out = "{";
  for (const char* key : keys) {
    const auto found = item.find(key);
    if (found == item.end()) continue;
    if (out.size() > 1) out += ',';
    out.append("\"").append(key).append("\":");
    if (found->is_string()) {
      json::append_json_string(out, found->get_ref<const std::string&>());
    } else {
      out += found->dump();
    }
  }
  return out + "}";
}

bool has_strings(const Json& item, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const auto found = item.find(key);
    if (found == item.end() || !found->is_string()) return false;
  }
  return true;
}

std::optional<StateItem> read_messages_item(const Json& item, std::string_view type) {
  using Kind = StateItem::Kind;
  if (type == "text") return StateItem{Kind::kText};
  if (type == "redacted_thinking" && has_strings(item, {"data"})) {
    return StateItem{Kind::kOpaque, only(item, {"type", "data"})};
  }
  if (type != "thinking" || !has_strings(item, {"thinking"})) return std::nullopt;
  if (item.contains("signature") && !has_strings(item, {"signature"})) return std::nullopt;
  return StateItem{Kind::kOpaque, only(item, {"type", "thinking", "signature"})};
}

std::optional<StateItem> read_responses_item(const Json& item, std::string_view type) {
  using Kind = StateItem::Kind;
  if (type == "message") return StateItem{Kind::kText, "", true, string_in(item, "phase")};
  if (type == "function_call") {
    return StateItem{Kind::kCall, "", true, "", string_in(item, "call_id"), string_in(item, "id")};
  }
  if (type == "reasoning") {
    return StateItem{Kind::kOpaque,
                     only(item, {"type", "id", "summary", "content", "encrypted_content"})};
  }
  if (type != "web_search_call") return std::nullopt;
  return StateItem{Kind::kOpaque, only(item, {"type", "id", "status", "action"}), false};
}

}  // namespace

std::vector<StateItem> read_state_items(std::string_view base64, Api api) {
  std::vector<StateItem> out;
  for (const Json& item : state_array(base64)) {
    if (!item.is_object()) continue;
    const std::string type = string_in(item, "type");
    auto read = api == Api::kMessages    ? read_messages_item(item, type)
                : api == Api::kResponses ? read_responses_item(item, type)
                                         : std::nullopt;
    if (read) out.push_back(std::move(*read));
  }
  return out;
}

void read_chat_state(std::string_view base64, ChatState& out) {
  for (const Json& item : state_array(base64)) {
    if (!item.is_object() || item.contains("type")) continue;
    if (has_strings(item, {"reasoning_content"})) {
      out.has_reasoning = true;
      out.reasoning = string_in(item, "reasoning_content");
    }
    const auto details = item.find("reasoning_details");
    if (details != item.end() && details->is_array()) out.details = details->dump();
    const auto calls = item.find("calls");
    if (calls == item.end() || !calls->is_array()) continue;
    out.calls.clear();
    for (const Json& call : *calls) {
      const bool has =
          call.is_object() && call.contains("extra_content") && call["extra_content"].is_object();
      out.calls.push_back(has ? call["extra_content"].dump() : "");
    }
  }
}

}  // namespace chatvim::wire
