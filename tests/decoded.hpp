// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "chatvim/json.hpp"
#include "chatvim/wire/decoder.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::testing {

using Pieces = std::vector<std::string>;

inline Json to_json(const provider::Usage& usage) {
  Json out = Json::object();
  if (usage.input) out["in"] = *usage.input;
  if (usage.output) out["out"] = *usage.output;
  if (usage.cached) out["cached"] = *usage.cached;
  if (usage.reasoning) out["reasoning"] = *usage.reasoning;
  return out;
}

inline Json to_json(const wire::Failure& failure) {
  Json out = {
      {"kind", name_of(failure.code)}, {"message", failure.message}, {"retry", failure.retry}};
  if (failure.after) out["after"] = *failure.after;
  return out;
}

/// Converts an event to the notation of the wire cases.
inline Json to_json(const wire::Event& event) {
  struct Visitor {
    Json operator()(const wire::TextDelta& e) const { return {"text", e.text}; }
    Json operator()(const wire::ReasoningDelta& e) const { return {"reasoning", e.text}; }
    Json operator()(const wire::RefusalDelta& e) const { return {"refusal", e.text}; }
    Json operator()(const wire::ToolCall& e) const { return {"tool", e.index, e.id, e.name}; }
    Json operator()(const wire::ToolArguments& e) const {
      Json out = {"args", e.index, e.text};
      if (e.replaces) out.push_back("replaces");
      return out;
    }
    Json operator()(const wire::State& e) const {
      return {e.of_turn ? "turn_state" : "state", Json::parse(e.item, nullptr, false)};
    }
    Json operator()(const wire::Citation& e) const { return {"source", e.url, e.title}; }
    Json operator()(const wire::TextWasReasoning&) const { return Json::array({"was_reasoning"}); }
    Json operator()(const wire::Warning& e) const {
      return {"warning", name_of(e.code), e.message};
    }
    Json operator()(const wire::Finish& e) const { return {"finish", e.reason}; }
    Json operator()(const provider::Usage& e) const { return {"usage", to_json(e)}; }
    Json operator()(const wire::End&) const { return {"end", "ok"}; }
    Json operator()(const wire::Failure& e) const { return {"error", to_json(e)}; }
  };
  return std::visit(Visitor{}, event);
}

/// Joins consecutive pieces of the same text in the list.
inline Json joined(const Json& list) {
  Json out = Json::array();
  for (const Json& item : list) {
    const std::string kind = item[0];
    const bool is_text = kind == "text" || kind == "reasoning" || kind == "refusal";
    if (is_text && !out.empty() && out.back()[0] == kind) {
      out.back()[1] = out.back()[1].get<std::string>() + item[1].get<std::string>();
    } else {
      out.push_back(item);
    }
  }
  return out;
}

/// Decodes a response of the given wire format.
inline Json decode(const Pieces& pieces, int status = 200, const wire::Headers& headers = {},
                   Api api = Api::kChat) {
  const auto decoder = wire::make_decoder(api);
  std::vector<wire::Event> events;
  decoder->head(status, headers);
  for (const std::string& piece : pieces) decoder->feed(piece, events);
  decoder->finish(events);
  Json out = Json::array();
  for (const wire::Event& event : events) out.push_back(to_json(event));
  return joined(out);
}

}  // namespace chatvim::testing
