// SPDX-License-Identifier: Apache-2.0
#include "job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chatvim/secret/search.hpp"

namespace chatvim::toolbox {

namespace {

using Outcome = document::ToolCall::Outcome;

}  // namespace

Job::Job(loop::Loop& loop, Consents& consents, CallContext context,
         std::function<void(CallEnd)> on_done)
    : loop_(loop),
      consents_(consents),
      context_(std::move(context)),
      on_done_(std::move(on_done)) {}

void Job::ask(const Question& question, const tools::Server* server, const tools::Tool* tool,
              std::function<void()> go_on) {
  asking_ = true;
  context_.ask(question, [this, still = weak(), question, server, tool,
                          go_on = std::move(go_on)](const Decision& decision) {
    if (still.expired()) return;
    asking_ = false;
    if (decision.kind == Decision::Kind::kStop) {
      // A call that has been made must not be made again, so it does not stay open.
      const auto outcome = made_ ? Outcome::kRefused : Outcome::kOpen;
      return end({outcome, made_ ? sentence_of(question) : "", question});
    }
    if (decision.kind == Decision::Kind::kRefuse) {
      return end({Outcome::kRefused, made_ ? "The user withheld the result." : decision.reason});
    }
    consents_.keep(question, decision.kind, server, tool, context_.permissions);
    go_on();
  });
}

void Job::ask_for_buffer(const Question& question,
                         std::function<void(const std::string* text)> take) {
  context_.ask(question, [still = weak(), take = std::move(take)](const Decision& decision) {
    if (!still.expired()) take(decision.text ? &*decision.text : nullptr);
  });
}

void Job::end_with_result(const std::string& label, Outcome outcome, std::string text) {
  if (context_.permissions.allows_secrets || context_.origin.allows_secrets) {
    return end({outcome, std::move(text)});
  }
  const auto found = secret::SecretFinder(context_.origin.keys).find(text);
  const auto unknown = std::find_if(found.begin(), found.end(), [&](const auto& one) {
    return !consents_.has("secret:" + secret::mark_of(label, one), context_.permissions);
  });
  if (unknown == found.end()) return end({outcome, std::move(text)});
  Question question;
  question.kind = Question::Kind::kSecret;
  question.tool = label;
  question.what = unknown->what;
  question.line = unknown->line;
  question.mark = "secret:" + secret::mark_of(label, *unknown);
  // The user's "yes" is for this text, whatever else in it looks like a key.
  ask(question, nullptr, nullptr, [this, outcome, text = std::move(text)]() mutable {
    end({outcome, std::move(text)});
  });
}

void Job::note_made() {
  made_ = true;
  if (context_.on_made) context_.on_made();
}

void Job::end(CallEnd end) {
  if (auto on_done = std::exchange(on_done_, nullptr)) on_done(std::move(end));
}

void Job::post(std::function<void()> work) {
  loop_.post([still = weak(), work = std::move(work)] {
    if (!still.expired()) work();
  });
}

}  // namespace chatvim::toolbox
