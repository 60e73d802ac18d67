// SPDX-License-Identifier: Apache-2.0
#include "chatvim/toolbox/question.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "chatvim/text/utf8.hpp"

namespace chatvim::toolbox {

namespace {

constexpr std::size_t kMostShownName = 200;

constexpr std::array<std::pair<std::string_view, Decision::Kind>, 6> kDecisions = {{
    {"once", Decision::Kind::kOnce},
    {"answer", Decision::Kind::kAnswer},
    {"session", Decision::Kind::kSession},
    {"always", Decision::Kind::kAlways},
    {"refuse", Decision::Kind::kRefuse},
    {"stop", Decision::Kind::kStop},
}};

std::string_view name_of(Question::Kind kind) {
  switch (kind) {
    case Question::Kind::kStart:
      return "start";
    case Question::Kind::kCall:
      return "call";
    case Question::Kind::kFile:
      return "file";
    case Question::Kind::kBuffer:
      return "buffer";
    case Question::Kind::kSecret:
      break;
  }
  return "secret";
}

bool is_address(std::string_view target) {
  return target.starts_with("http://") || target.starts_with("https://");
}

std::string shown(const std::string& text) { return text::printable_name(text, kMostShownName); }

}  // namespace

std::optional<Decision::Kind> decision_of(std::string_view name) {
  for (const auto& [known, kind] : kDecisions) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

Json describe_question(const Question& question) {
  return {{"kind", name_of(question.kind)},
          {"server", question.server},
          {"target", question.target},
          {"tool", question.tool},
          {"arguments", question.arguments},
          {"hints", question.hints},
          {"before", question.before},
          {"now", question.now},
          {"path", question.path},
          {"reason", question.reason},
          {"what", question.what},
          {"line", question.line},
          {"can_remember", question.can_remember}};
}

std::string describe_at_length(const Question& question) {
  std::string text = sentence_of(question);
  if (!question.target.empty()) text += "\n" + question.target;
  if (question.kind == Question::Kind::kCall || question.kind == Question::Kind::kFile) {
    text += "\n" + question.tool;
    for (const std::string& hint : question.hints) text += ", says " + hint;
    text += "\n" + question.arguments;
  }
  if (!question.now.empty()) {
    text += "\nIt said:\n" + question.before + "\nIt says now:\n" + question.now;
  }
  return text::harmless(text);
}

std::string sentence_of(const Question& question) {
  const std::string tool = shown(question.tool);
  switch (question.kind) {
    case Question::Kind::kStart:
      return fmt::format("The server of tools \"{}\" has to be allowed before it is {}.",
                         shown(question.server),
                         is_address(question.target) ? "contacted" : "started");
    case Question::Kind::kFile:
      return fmt::format("The tool {} wants {}, which {} and has to be allowed.", tool,
                         shown(question.path), question.reason);
    case Question::Kind::kBuffer:
      return fmt::format("The tool {} wants the editor's text of {}.", tool, shown(question.path));
    case Question::Kind::kSecret:
      return fmt::format("Line {} of {} holds what looks like {}; it was not sent.", question.line,
                         question.path.empty() ? "the result of " + tool : shown(question.path),
                         question.what);
    case Question::Kind::kCall:
      break;
  }
  return question.before.empty()
             ? fmt::format("The call of {} has to be allowed.", tool)
             : fmt::format("The call of {} has to be allowed again: its description has changed.",
                           tool);
}

}  // namespace chatvim::toolbox
