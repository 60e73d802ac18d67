// SPDX-License-Identifier: Apache-2.0
#include "server_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "call_check.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/tools/limit_result.hpp"

namespace chatvim::toolbox {

namespace {

using Outcome = document::ToolCall::Outcome;

}  // namespace

ServerCall::ServerCall(loop::Loop& loop, Consents& consents, CallContext context, Target target,
                       const document::ToolCall* call, std::function<void(CallEnd)> on_done)
    : Job(loop, consents, std::move(context), std::move(on_done)),
      target_(std::move(target)),
      calls_(call != nullptr) {
  if (call != nullptr) call_ = *call;
}

void ServerCall::start() {
  post([this] {
    // A server that runs has been allowed to.
    if (target_.connection.is_started()) return list();
    auto question = consents().about_start(target_.server, call_.tool, context().permissions);
    if (!question) return list();
    ask(*question, &target_.server, nullptr, [this] { list(); });
  });
}

void ServerCall::list() {
  target_.connection.list([this, still = weak()](const Result<void>& result) {
    if (still.expired()) return;
    if (!result) return fail(result.error().message);
    calls_ ? find_tool() : end({Outcome::kResult, ""});
  });
}

void ServerCall::find_tool() {
  const auto& all = target_.connection.tools();
  const auto tool = std::find_if(all.begin(), all.end(), [this](const tools::Tool& one) {
    return one.label == call_.tool && target_.may_use(one);
  });
  if (tool == all.end()) return fail(no_such_tool(call_.tool));
  if (!is_object(call_.arguments)) return fail(std::string(kNoObject));
  auto question = consents().about_call(target_.server, *tool, call_.arguments,
                                        context().permissions, is_foreign(call_));
  if (!question) return run(*tool);
  // The list may change while the user reads; what was shown is what is called and remembered.
  auto shown = std::make_shared<tools::Tool>(*tool);
  ask(*question, &target_.server, shown.get(), [this, shown] { run(*shown); });
}

void ServerCall::run(const tools::Tool& tool) {
  const std::string arguments = text::is_blank(call_.arguments) ? "{}" : call_.arguments;
  running_ =
      target_.connection.call(tool.name, arguments, [this, still = weak()](tools::Result result) {
        if (still.expired()) return;
        end_with_result(call_.tool, result.is_error ? Outcome::kError : Outcome::kResult,
                        tools::limit_result(std::move(result.text), result.left_out));
      });
  note_made();
}

}  // namespace chatvim::toolbox
