// SPDX-License-Identifier: Apache-2.0
#include "consents.hpp"

#include <utility>

#include "chatvim/store/trust.hpp"
#include "chatvim/text/sha256.hpp"
#include "chatvim/tools/choice.hpp"
#include "chatvim/tools/pin.hpp"
#include "launch.hpp"

namespace chatvim::toolbox {

std::optional<Question> Consents::about_start(const tools::Server& server, const std::string& tool,
                                              const Permissions& permissions) const {
  const std::string line = tools::command_line(server);
  Question question;
  question.kind = Question::Kind::kStart;
  question.server = server.name;
  question.target = describe_target(server);
  question.tool = tool;
  question.can_remember = true;
  question.mark = "start:" + line;
  const bool is_allowed =
      server.ask == tools::Ask::kNever || tools::chooses_server(server.name, permissions.globs) ||
      has(question.mark, permissions) || store::Trust(environment_).allows_start(line);
  return is_allowed ? std::nullopt : std::optional(std::move(question));
}

std::optional<Question> Consents::about_call(const tools::Server& server, const tools::Tool& tool,
                                             const std::string& arguments,
                                             const Permissions& permissions,
                                             bool is_foreign) const {
  const std::string line = tools::command_line(server);
  const std::string pin = tools::pin_text(tool);
  Question question;
  question.kind = Question::Kind::kCall;
  question.server = server.name;
  question.target = describe_target(server);
  question.tool = tool.label;
  question.arguments = arguments;
  question.hints = tool.hints;
  question.can_remember = server.ask == tools::Ask::kUntilAllowed;
  question.mark = "call:" + text::sha256(line + '\n' + pin);
  if (tools::is_chosen(tool.label, permissions.globs) ||
      permissions.marks.count(question.mark) > 0) {
    return std::nullopt;
  }
  // The built-in tools only read, by the rules of embeds.
  if (is_foreign && server.name != tools::kFileServer) return question;
  if (server.ask == tools::Ask::kNever || has(question.mark, permissions)) return std::nullopt;
  if (!question.can_remember) return question;
  const store::Trust trust(environment_);
  switch (trust.tool(line, tool.name, pin)) {
    case store::Trust::Tool::kAllowed:
      return std::nullopt;
    case store::Trust::Tool::kChanged:
      question.before = trust.tool_before(line, tool.name).value_or("");
      question.now = pin;
      break;
    case store::Trust::Tool::kUndecided:
      break;
  }
  return question;
}

bool Consents::has(const std::string& mark, const Permissions& permissions) const {
  return permissions.marks.count(mark) > 0 || session_.count(mark) > 0;
}

namespace {

/// A process that receives more calls forgets about the first ones.
constexpr std::size_t kMostOwn = 10000;

std::string hash_of(const document::ToolCall& call) {
  return text::sha256(call.tool + '\n' + call.id + '\n' + call.arguments);
}

}  // namespace

void Consents::note_own(const document::ToolCall& call) {
  if (own_calls_.size() >= kMostOwn) own_calls_.clear();
  own_calls_.insert(hash_of(call));
}

bool Consents::is_own(const document::ToolCall& call) const {
  return own_calls_.count(hash_of(call)) > 0;
}

void Consents::keep(const Question& question, Decision::Kind kind, const tools::Server* server,
                    const tools::Tool* tool, Permissions& permissions) {
  switch (kind) {
    case Decision::Kind::kSession:
      session_.insert(question.mark);
      break;
    case Decision::Kind::kAnswer:
      break;
    case Decision::Kind::kAlways:
      if (auto stored = store(question, server, tool); !stored && log_) {
        log_(stored.error().message);
      }
      break;
    case Decision::Kind::kOnce:
    case Decision::Kind::kRefuse:
    case Decision::Kind::kStop:
      return;
  }
  permissions.marks.insert(question.mark);
}

Result<void> Consents::store(const Question& question, const tools::Server* server,
                             const tools::Tool* tool) const {
  switch (question.kind) {
    case Question::Kind::kStart:
      return store::Trust::remember_start(environment_, tools::command_line(*server));
    case Question::Kind::kCall:
      return store::Trust::remember_tool(environment_, tools::command_line(*server), tool->name,
                                         tools::pin_text(*tool));
    case Question::Kind::kFile:
      return store::Trust::remember_embed(environment_, question.path, true);
    case Question::Kind::kBuffer:
    case Question::Kind::kSecret:
      break;
  }
  return {};
}

}  // namespace chatvim::toolbox
