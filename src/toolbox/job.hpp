// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "chatvim/loop/loop.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "chatvim/tools/server.hpp"
#include "chatvim/tools/tool.hpp"
#include "consents.hpp"

namespace chatvim::toolbox {

/// Something that may have to ask the user: the base of calls. Nothing is called once it is gone.
class Job : public RunningCall {
 public:
  bool is_asking() const override { return asking_; }
  bool was_made() const override { return made_; }

 protected:
  /// `on_done` is called once, by `end`.
  Job(loop::Loop& loop, Consents& consents, CallContext context,
      std::function<void(CallEnd)> on_done);

  /// Asks a question and goes on if the user agrees; otherwise ends. `server` and `tool` are those
  /// of the question; null where it has none.
  void ask(const Question& question, const tools::Server* server, const tools::Tool* tool,
           std::function<void()> go_on);
  /// Asks the editor for the text of a file; `take` gets null if it has none.
  void ask_for_buffer(const Question& question, std::function<void(const std::string* text)> take);
  /// Looks for what seems to be a key in the text of a result, asks whether to send it, and ends
  /// with it.
  void end_with_result(const std::string& label, document::ToolCall::Outcome outcome,
                       std::string text);
  /// Notes that the tool is called now.
  void note_made();
  void end(CallEnd end);
  void fail(std::string sentence) {
    end({document::ToolCall::Outcome::kError, std::move(sentence)});
  }
  /// Does something later, from the loop.
  void post(std::function<void()> work);
  std::weak_ptr<bool> weak() const { return alive_; }
  /// Whether somebody else may have written the call.
  bool is_foreign(const document::ToolCall& call) const {
    return context_.from_document && !consents_.is_own(call);
  }
  CallContext& context() { return context_; }
  Consents& consents() { return consents_; }

 private:
  loop::Loop& loop_;
  Consents& consents_;
  CallContext context_;
  std::function<void(CallEnd)> on_done_;
  bool asking_ = false;
  bool made_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace chatvim::toolbox
