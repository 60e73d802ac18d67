// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/answer_end.hpp"

#include "chatvim/chat/answers.hpp"
#include "chatvim/text/time.hpp"

namespace chatvim::completion {

AnswerEnding::AnswerEnding(const chat::Chat& chat, const chat::Plan& plan)
    : wanted_(chat::wants_provenance(chat)), model_(plan.provider.name + "/" + plan.model) {}

document::AnswerEnd AnswerEnding::end(const Outcome& outcome) const {
  if (!wanted_) return {};
  document::Provenance provenance{model_};
  provenance.input = outcome.usage.input;
  provenance.output = outcome.usage.output;
  provenance.price = outcome.price;
  provenance.seconds = outcome.seconds;
  provenance.time = text::utc_time(outcome.time);
  if (outcome.kind != Outcome::Kind::kDone) provenance.outcome = name_of(outcome.kind);
  return {std::move(provenance)};
}

}  // namespace chatvim::completion
