// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/mode.hpp"

#include <fmt/format.h>

#include <string>

namespace chatvim::chat {

namespace {

/// Returns the error for a chat without an answer; `what` is what was to be done with it.
Error no_answer(const Chat& chat, std::string_view what) {
  const std::string start = fmt::format("There is no answer to {}: ", what);
  if (chat.own_messages == 0) return {ErrorCode::kEmptyChat, start + "write a message first."};
  if (chat.messages.back().role == document::Role::kSystem) {
    return {ErrorCode::kNothingToAnswer,
            start + fmt::format("the last message is a system message; write one below a line "
                                "\"{}\".",
                                chat.format.user_delimiter)};
  }
  return {ErrorCode::kNothingToAnswer,
          start + "the last word is yours, and :ChatvimComplete answers it."};
}

/// Prepares a chat whose last answer ends with calls, so that the answer is resumed after them.
/// Returns false if the last answer does not end with calls.
bool prepare_to_resume(Chat& chat, std::span<const std::string_view> lines) {
  if (chat.own_messages == 0 || chat.messages.back().answer.empty()) return false;
  chat.place = document::find_resumption(lines, chat.format);
  if (chat.place) chat.mode = Mode::kAnswer;
  return chat.place.has_value();
}

Result<void> prepare_to_continue(Chat& chat, std::span<const std::string_view> lines) {
  if (prepare_to_resume(chat, lines)) return {};
  chat.place = document::find_continuation(lines, chat.format);
  if (!chat.place) return tl::unexpected(no_answer(chat, "go on with"));
  document::Message& last = chat.messages.back();
  const std::string text = chat.place->above + chat.place->kept;
  last.content = text;
  // States below the text that goes on are for an answer that ended there.
  while (!last.answer.empty() && last.answer.back().kind == document::AnswerPart::Kind::kState) {
    last.answer.pop_back();
  }
  if (!last.answer.empty()) last.answer.back().text = text;
  return {};
}

Result<void> prepare_to_retry(Chat& chat, std::span<const std::string_view> lines) {
  chat.place = document::find_retry(lines, chat.format);
  if (!chat.place) return tl::unexpected(no_answer(chat, "ask for again"));
  chat.messages.pop_back();
  --chat.own_messages;
  if (chat.own_messages == 0 || chat.messages.back().role != document::Role::kUser) {
    return tl::unexpected(
        Error{ErrorCode::kNothingToAnswer,
              "There is nothing to ask again: no message of yours stands above the last answer."});
  }
  return {};
}

}  // namespace

std::optional<Mode> mode_of(std::string_view name) {
  if (name == "answer") return Mode::kAnswer;
  if (name == "continue") return Mode::kContinue;
  if (name == "retry") return Mode::kRetry;
  return std::nullopt;
}

Result<void> prepare(Chat& chat, std::span<const std::string_view> lines, Mode mode) {
  chat.mode = mode;
  switch (mode) {
    case Mode::kContinue:
      return prepare_to_continue(chat, lines);
    case Mode::kRetry:
      return prepare_to_retry(chat, lines);
    case Mode::kAnswer:
      break;
  }
  if (prepare_to_resume(chat, lines)) return {};
  return check_answerable(chat);
}

}  // namespace chatvim::chat
