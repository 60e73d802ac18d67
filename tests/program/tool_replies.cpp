// SPDX-License-Identifier: Apache-2.0
#include "tool_replies.hpp"

#include <fmt/format.h>

namespace chatvim::testing {

namespace {

/// Returns an event that has its name in its data too.
Json named_event(const std::string& type, Json members) {
  members["type"] = type;
  return {{"event", members}, {"name", type}};
}

}  // namespace

Json chat_delta(const Json& delta) {
  return {{"event",
           {{"object", "chat.completion.chunk"},
            {"choices", {{{"index", 0}, {"delta", delta}, {"finish_reason", nullptr}}}}}}};
}

Json calls(const std::vector<Called>& all, const std::string& text, const std::string& finish) {
  Json steps = Json::array();
  if (!text.empty()) steps.push_back({{"deltas", {{"split", text}}}});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Called& call = all[i];
    const Json function = {{"name", call.name}, {"arguments", ""}};
    steps.push_back(chat_delta(
        {{"tool_calls",
          {{{"index", i}, {"id", call.id}, {"type", "function"}, {"function", function}}}}}));
    // In two pieces, as servers stream them.
    const std::size_t half = call.arguments.size() / 2;
    for (const auto& piece : {call.arguments.substr(0, half), call.arguments.substr(half)}) {
      steps.push_back(
          chat_delta({{"tool_calls", {{{"index", i}, {"function", {{"arguments", piece}}}}}}}));
    }
  }
  steps.push_back({{"finish", finish}});
  return {{"steps", steps}};
}

Block tool_use(const Called& call) {
  Block block{{{"type", "tool_use"}, {"id", call.id}, {"name", call.name}}};
  block.start["input"] = Json::object();
  const std::size_t half = call.arguments.size() / 2;
  for (const auto& piece :
       {std::string(), call.arguments.substr(0, half), call.arguments.substr(half)}) {
    block.deltas.push_back({{"type", "input_json_delta"}, {"partial_json", piece}});
  }
  return block;
}

Block text_block(const std::string& text) {
  return {{{"type", "text"}, {"text", ""}}, {{{"type", "text_delta"}, {"text", text}}}};
}

Json messages_reply(const std::vector<Block>& blocks, const std::string& stop_reason) {
  Json steps = Json::array();
  const Json message = {{"usage", {{"input_tokens", 10}, {"output_tokens", 1}}}};
  steps.push_back(named_event("message_start", {{"message", message}}));
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    steps.push_back(
        named_event("content_block_start", {{"index", i}, {"content_block", blocks[i].start}}));
    for (const Json& delta : blocks[i].deltas) {
      steps.push_back(named_event("content_block_delta", {{"index", i}, {"delta", delta}}));
    }
    steps.push_back(named_event("content_block_stop", {{"index", i}}));
  }
  steps.push_back(named_event("message_delta", {{"delta", {{"stop_reason", stop_reason}}},
                                                {"usage", {{"output_tokens", 5}}}}));
  steps.push_back(named_event("message_stop", Json::object()));
  return {{"steps", steps}};
}

Json function_call(const Called& call) {
  return {{"type", "function_call"},
          {"id", "fc_" + call.id},
          {"call_id", call.id},
          {"name", call.name},
          {"arguments", call.arguments}};
}

Json text_item(const std::string& text, const Json& more) {
  Json item = {{"type", "message"},
               {"role", "assistant"},
               {"content", {{{"type", "output_text"}, {"text", text}}}}};
  item.update(more);
  return item;
}

Json responses_reply(const std::vector<Json>& items, const std::string& status) {
  Json steps = Json::array();
  for (std::size_t i = 0; i < items.size(); ++i) {
    Json begun = items[i];
    if (begun.contains("arguments")) begun["arguments"] = "";
    if (begun.contains("content")) begun["content"] = Json::array();
    const Json at = {{"output_index", i}};
    const auto with = [&at](Json members) {
      members.update(at);
      return members;
    };
    steps.push_back(named_event("response.output_item.added", with({{"item", begun}})));
    if (items[i].contains("arguments")) {
      steps.push_back(named_event("response.function_call_arguments.delta",
                                  with({{"delta", items[i].at("arguments")}})));
    } else if (items[i].contains("content")) {
      steps.push_back(
          named_event("response.output_text.delta",
                      with({{"content_index", 0}, {"delta", items[i]["content"][0]["text"]}})));
    }
    steps.push_back(named_event("response.output_item.done", with({{"item", items[i]}})));
  }
  Json response = {{"status", status}, {"output", items}};
  if (status == "incomplete") response["incomplete_details"] = {{"reason", "max_output_tokens"}};
  steps.push_back(named_event("response." + status, {{"response", response}}));
  return {{"steps", steps}};
}

std::string demo_server(const std::string& arguments, const std::string& more) {
  return fmt::format("[tools.demo]\ncommand = [\"{}\"{}]\n{}\n", CHATVIM_MCP_STANDIN, arguments,
                     more);
}

Json body_of(const Json& request) { return Json::parse(request.at("body").get<std::string>()); }

Json messages_of(const Json& request) { return body_of(request).at("messages"); }

}  // namespace chatvim::testing
