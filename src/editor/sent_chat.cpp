// SPDX-License-Identifier: Apache-2.0
#include "sent_chat.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/editor/describe.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::editor {

SentChat ChatReader::read(const Message& message) {
  const auto id = message.number("id");
  auto lines = text::split_buffer(message.text("text"));
  auto origin = message.origin();
  origin.keys = keys_.known();
  auto reading =
      chat::read_chat(lines, {message.settings(), message.overriding()}, environment_, origin);
  lua_.send("diagnostics", {{"id", id}, {"items", describe_diagnostics(reading.diagnostics)}});
  for (const auto& warning : reading.warnings) lua_.log(warning);
  return {id, std::move(lines), std::move(reading), std::move(origin)};
}

tl::expected<chat::Plan, chat::Blocker> ChatReader::plan(SentChat& sent, chat::Mode mode,
                                                         chat::Purpose purpose) {
  if (sent.reading.chat) {
    for (const auto& warning : tools_.offer_to(*sent.reading.chat, sent.origin)) lua_.log(warning);
  }
  return chat::plan_request(sent.reading, sent.lines, sent.origin, mode, purpose, environment_,
                            &calibration_);
}

}  // namespace chatvim::editor
