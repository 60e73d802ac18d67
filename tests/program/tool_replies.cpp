// SPDX-License-Identifier: Apache-2.0
#include "tool_replies.hpp"

namespace chatvim::testing {

namespace {

Json chunk(const Json& delta) {
  return {{"event",
           {{"object", "chat.completion.chunk"},
            {"choices", {{{"index", 0}, {"delta", delta}, {"finish_reason", nullptr}}}}}}};
}

}  // namespace

Json calls(const std::vector<Called>& all, const std::string& text, const std::string& finish) {
  Json steps = Json::array();
  if (!text.empty()) steps.push_back({{"deltas", {{"split", text}}}});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Called& call = all[i];
    const Json function = {{"name", call.name}, {"arguments", ""}};
    steps.push_back(
        chunk({{"tool_calls",
                {{{"index", i}, {"id", call.id}, {"type", "function"}, {"function", function}}}}}));
    // In two pieces, as servers stream them.
    const std::size_t half = call.arguments.size() / 2;
    for (const auto& piece : {call.arguments.substr(0, half), call.arguments.substr(half)}) {
      steps.push_back(
          chunk({{"tool_calls", {{{"index", i}, {"function", {{"arguments", piece}}}}}}}));
    }
  }
  steps.push_back({{"finish", finish}});
  return {{"steps", steps}};
}

Json messages_of(const Json& request) {
  return Json::parse(request.at("body").get<std::string>()).at("messages");
}

}  // namespace chatvim::testing
