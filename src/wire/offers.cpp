// SPDX-License-Identifier: Apache-2.0
#include "offers.hpp"

#include <set>
#include <string_view>

#include "chatvim/json/cursor.hpp"
#include "chatvim/json/text.hpp"
#include "chatvim/wire/tool_name.hpp"

namespace chatvim::wire {
namespace {

constexpr std::string_view kNoArguments = R"({"type":"object","properties":{}})";
/// Without "direct", the newest search may only be called by code that the model runs on the
/// server, which the smaller models do not support: they fail with 400.
constexpr std::string_view kMessagesSearch =
    R"({"type":"web_search_20260318","name":"web_search","max_uses":8,"allowed_callers":["direct"]})";
constexpr std::string_view kResponsesSearch = R"({"type":"web_search"})";

bool offers_search(const provider::Provider& provider, const Prompt& prompt) {
  return prompt.web_search && provider.api != Api::kChat &&
         provider.web_search == provider::WebSearch::kTool;
}

/// Appends a JSON Schema with the members that providers require; one that is no object is replaced
/// by the schema of a tool without arguments.
void append_schema(std::string& out, std::string_view schema) {
  json::JsonCursor json(schema);
  bool has_type = false;
  bool has_properties = false;
  bool is_empty = true;
  const bool is_object = json.kind() == json::JsonCursor::Kind::kObject;
  json.members([&](std::string_view key) {
    is_empty = false;
    has_type = has_type || key == "type";
    has_properties = has_properties || key == "properties";
    json.skip();
  });
  if (!is_object || is_empty || !json.complete()) {
    out.append(kNoArguments);
    return;
  }
  const std::size_t open = schema.find('{') + 1;
  out.push_back('{');
  if (!has_type) out.append(R"("type":"object",)");
  if (!has_properties) out.append(R"("properties":{},)");
  out.append(schema.substr(open));
}

void append_member(std::string& out, std::string_view start, std::string_view text) {
  out.append(start);
  json::append_json_string(out, text);
}

void append_offer(std::string& out, Api api, std::string_view name, std::string_view description,
                  std::string_view schema) {
  if (out.back() != '[') out.push_back(',');
  const bool is_chat = api == Api::kChat;
  append_member(out,
                is_chat                  ? R"({"type":"function","function":{"name":)"
                : api == Api::kResponses ? R"({"type":"function","name":)"
                                         : R"({"name":)",
                name);
  if (!description.empty()) append_member(out, R"(,"description":)", description);
  out.append(api == Api::kMessages ? R"(,"input_schema":)" : R"(,"parameters":)");
  append_schema(out, schema);
  // Responses would make every argument required.
  if (api == Api::kResponses) out.append(R"(,"strict":false)");
  out.append(is_chat ? "}}" : "}");
}

}  // namespace

bool offers_only_history(const provider::Provider& provider, const Prompt& prompt,
                         const Turns& turns) {
  return provider.api == Api::kMessages && prompt.tools.empty() &&
         !offers_search(provider, prompt) && !turns.calls.empty();
}

bool has_offers(const provider::Provider& provider, const Prompt& prompt, const Turns& turns) {
  return !prompt.tools.empty() || offers_search(provider, prompt) ||
         offers_only_history(provider, prompt, turns);
}

void append_offers(std::string& out, const provider::Provider& provider, const Prompt& prompt,
                   const Turns& turns) {
  out.push_back('[');
  for (const tools::Tool& tool : prompt.tools) {
    append_offer(out, provider.api, tool_name(tool.label), tool.description, tool.schema);
  }
  if (offers_only_history(provider, prompt, turns)) {
    std::set<std::string_view> names;
    for (const Call& call : turns.calls) {
      if (names.insert(call.name).second) append_offer(out, provider.api, call.name, "", "");
    }
  }
  if (offers_search(provider, prompt)) {
    if (out.back() != '[') out.push_back(',');
    out.append(provider.api == Api::kMessages ? kMessagesSearch : kResponsesSearch);
  }
  out.push_back(']');
}

}  // namespace chatvim::wire
