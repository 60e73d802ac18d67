// SPDX-License-Identifier: Apache-2.0
#include "sent_chat.hpp"

#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "chatvim/editor/describe.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::editor {

namespace {

/// Makes a chat ready to be answered in a mode, or returns why it is not.
Result<void> prepare(chat::ChatReading& reading, std::span<const std::string_view> lines,
                     chat::Mode mode) {
  if (auto checked = chat::check_text(lines); !checked) return tl::unexpected(checked.error());
  if (!reading.chat) return tl::unexpected(reading.chat.error());
  return chat::prepare(*reading.chat, lines, mode);
}

}  // namespace

SentChat ChatReader::read(const Message& message) {
  const auto id = message.number("id");
  auto lines = text::split_buffer(message.text("text"));
  auto origin = message.origin();
  origin.keys = keys_.known();
  auto reading = chat::read_chat(lines, {message.settings(), {}}, environment_, origin);
  lua_.send("diagnostics", {{"id", id}, {"items", describe_diagnostics(reading.diagnostics)}});
  for (const auto& warning : reading.warnings) lua_.log(warning);
  return {id, std::move(lines), std::move(reading), std::move(origin)};
}

tl::expected<chat::Plan, chat::Blocker> ChatReader::plan(SentChat& sent, chat::Mode mode,
                                                         chat::Purpose purpose) {
  if (auto ready = prepare(sent.reading, sent.lines, mode); !ready) {
    return tl::unexpected(chat::Blocker{ready.error()});
  }
  auto& chat = *sent.reading.chat;
  if (purpose == chat::Purpose::kSend) {
    if (sent.reading.offered && sent.origin.asks) {
      return tl::unexpected(chat::offered_context(*sent.reading.offered));
    }
    // Before any file of the user's is read for it.
    if (auto demand = chat::find_demand(chat, sent.origin, environment_)) {
      return tl::unexpected(std::move(*demand));
    }
  }
  if (auto embedded = chat::embed_files(chat, sent.origin, environment_); !embedded) {
    return tl::unexpected(std::move(embedded.error()));
  }
  return chat::make_plan(chat, environment_, purpose, &calibration_)
      .map_error([](const Error& error) { return chat::Blocker{error}; });
}

}  // namespace chatvim::editor
