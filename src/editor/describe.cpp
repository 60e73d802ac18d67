// SPDX-License-Identifier: Apache-2.0
#include "chatvim/editor/describe.hpp"

#include <nlohmann/json.hpp>

namespace chatvim::editor {

namespace {

Json describe_usage(const provider::Usage& usage) {
  Json counts = Json::object();
  const auto add = [&counts](const char* name, const std::optional<std::int64_t>& count) {
    if (count) counts[name] = *count;
  };
  add("input", usage.input);
  add("output", usage.output);
  add("cached", usage.cached);
  add("reasoning", usage.reasoning);
  add("cache_written", usage.cache_written);
  return counts;
}

Json describe_call(const document::ToolCall& call) {
  const bool is_open = call.outcome == document::ToolCall::Outcome::kOpen;
  Json map = {{"kind", "call"},
              {"step", call.step},
              {"tool", call.tool},
              {"id", call.id},
              {"line", call.line + 1},
              {"arguments", call.arguments},
              {"outcome", is_open ? "open" : name_of(call.outcome)}};
  if (!is_open) map["result"] = call.result;
  return map;
}

}  // namespace

Json describe_outcome(const completion::Outcome& outcome) {
  Json map = {{"outcome", name_of(outcome.kind)},
              {"finish_reason", outcome.finish_reason},
              {"usage", describe_usage(outcome.usage)},
              {"seconds", outcome.seconds}};
  if (outcome.price) map["price"] = *outcome.price;
  if (outcome.seconds_to_text) map["seconds_to_text"] = *outcome.seconds_to_text;
  if (outcome.notice) {
    map["code"] = name_of(outcome.notice->code);
    map["level"] = name_of(level_of(outcome.notice->code));
    map["message"] = outcome.notice->message;
    if (!outcome.notice->advice.empty()) map["advice"] = outcome.notice->advice;
  }
  return map;
}

Json describe_diagnostics(const std::vector<settings::Diagnostic>& diagnostics) {
  Json items = Json::array();
  for (const auto& diagnostic : diagnostics) {
    items.push_back(
        {{"line", diagnostic.at.line},
         {"column", diagnostic.at.column},
         {"severity", diagnostic.severity == settings::Severity::kError ? "error" : "warning"},
         {"message", diagnostic.message}});
  }
  return items;
}

Json describe_part(const document::AnswerPart& part) {
  switch (part.kind) {
    case document::AnswerPart::Kind::kCall:
      return describe_call(part.call);
    case document::AnswerPart::Kind::kState:
      return {{"kind", "state"}, {"model", part.model}, {"size", part.text.size()}};
    case document::AnswerPart::Kind::kText:
      break;
  }
  return {{"kind", "text"}, {"text", part.text}};
}

Json describe_provenance(const document::Provenance& provenance) {
  Json map = {{"model", provenance.model}};
  if (provenance.input) map["input"] = *provenance.input;
  if (provenance.output) map["output"] = *provenance.output;
  if (provenance.price) map["price"] = *provenance.price;
  if (provenance.seconds) map["seconds"] = *provenance.seconds;
  if (!provenance.time.empty()) map["time"] = provenance.time;
  if (!provenance.outcome.empty()) map["outcome"] = provenance.outcome;
  return map;
}

Json describe_message(const document::Message& message) {
  Json map = {{"role", name_of(message.role)}, {"content", message.content}};
  if (message.provenance) map["provenance"] = describe_provenance(*message.provenance);
  for (const auto& other : message.others) {
    map["others"].push_back({{"model", other.provenance.model},
                             {"text", other.text},
                             {"line", other.line + 1},
                             {"last_line", other.end},
                             {"provenance", describe_provenance(other.provenance)}});
  }
  if (message.answer.empty()) return map;
  Json& parts = map["answer"] = Json::array();
  for (const auto& part : message.answer) parts.push_back(describe_part(part));
  return map;
}

Json describe_format(const document::Format& format, const Result<std::string>& model) {
  Json map = {{"delimiters",
               {{"user", format.user_delimiter},
                {"assistant", format.assistant_delimiter},
                {"system", format.system_delimiter}}}};
  if (model) map["model"] = *model;
  return map;
}

}  // namespace chatvim::editor
