// SPDX-License-Identifier: Apache-2.0
#include "file_job.hpp"

#include <algorithm>
#include <utility>

#include "call_check.hpp"
#include "chatvim/chat/embeds.hpp"
#include "chatvim/toolbox/file_tools.hpp"

namespace chatvim::toolbox {

namespace {

using Outcome = document::ToolCall::Outcome;

std::string mark_of(const std::string& path) { return "file:" + path; }

}  // namespace

FileJob::FileJob(loop::Loop& loop, Consents& consents, const CallContext& context,
                 tools::Server server, const Environment& environment, document::ToolCall call,
                 std::function<void(CallEnd)> on_done)
    : Job(loop, consents, context, std::move(on_done)),
      server_(std::move(server)),
      call_(std::move(call)),
      files_(chat::embed_context(context.chat, context.origin, environment)) {}

void FileJob::start() {
  post([this] { find_tool(); });
}

void FileJob::find_tool() {
  const auto all = file_tools();
  const auto tool = std::find_if(
      all.begin(), all.end(), [this](const tools::Tool& one) { return one.label == call_.tool; });
  if (tool == all.end()) return fail(no_such_tool(call_.tool));
  auto question = consents().about_call(server_, *tool, call_.arguments, context().permissions,
                                        is_foreign(call_));
  if (!question) return run();
  const auto shown = std::make_shared<tools::Tool>(*tool);
  ask(*question, &server_, shown.get(), [this, shown] { run(); });
}

void FileJob::run() {
  const std::string name = call_.tool.substr(call_.tool.find('.') + 1);
  const bool sends_secrets =
      context().permissions.allows_secrets || context().origin.allows_secrets;
  FileResult file = call_file_tool(name, call_.arguments, {files_, sends_secrets});
  if (!file.outside.empty()) return ask_about(file.outside.front());
  if (!file.unsaved.empty()) return ask_for_text(file.unsaved.front());
  if (!file.secrets.empty()) return ask_about(file.secrets);
  end({file.result.is_error ? Outcome::kError : Outcome::kResult, std::move(file.result.text)});
}

/// Asks about what looks like keys in the files themselves, of which the result may have a part.
void FileJob::ask_about(const std::vector<embed::Secret>& secrets) {
  const auto mark_for = [](const embed::Secret& secret) { return "secret:" + secret.mark; };
  const auto send = [this, secrets] {
    for (const embed::Secret& secret : secrets) files_.confirmed.insert(secret.mark);
    run();
  };
  const auto unknown = std::find_if(secrets.begin(), secrets.end(), [&](const auto& secret) {
    return !consents().has(mark_for(secret), context().permissions);
  });
  if (unknown == secrets.end()) return send();
  Question question;
  question.kind = Question::Kind::kSecret;
  question.tool = call_.tool;
  question.path = unknown->file;
  question.what = unknown->what;
  question.line = unknown->file_line;
  question.mark = mark_for(*unknown);
  note_made();
  // The user's "yes" is for this result, whatever else in it looks like a key.
  ask(question, nullptr, nullptr, send);
}

void FileJob::ask_about(const embed::Outside& outside) {
  const std::string path = outside.path;
  const auto allow = [this, path] {
    files_.allowed.push_back(path);
    run();
  };
  Question question;
  question.kind = Question::Kind::kFile;
  question.tool = call_.tool;
  question.arguments = call_.arguments;
  question.path = path;
  question.reason = chat::reason_of(outside);
  question.can_remember = true;
  question.mark = mark_of(path);
  if (consents().has(question.mark, context().permissions)) return allow();
  ask(question, nullptr, nullptr, allow);
}

void FileJob::ask_for_text(const std::string& path) {
  Question question;
  question.kind = Question::Kind::kBuffer;
  question.tool = call_.tool;
  question.path = path;
  question.mark = mark_of(path);
  ask_for_buffer(question, [this, path](const std::string* text) {
    // Without the editor's text, the file's own is better than nothing.
    if (text != nullptr) {
      files_.buffers[path] = *text;
    } else {
      files_.unsaved.erase(path);
    }
    run();
  });
}

}  // namespace chatvim::toolbox
