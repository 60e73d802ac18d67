// SPDX-License-Identifier: Apache-2.0
#include "transcript.hpp"

#include <utility>

#include "chatvim/document/reader.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::completion {

namespace {

/// The end of a document that consists of the answer's delimiter.
document::Tail below_delimiter() {
  document::Tail tail;
  tail.under = document::Role::kAssistant;
  tail.white_space = "\n";
  return tail;
}

}  // namespace

Transcript::Transcript(const document::Format& format)
    : format_(format),
      text_(format.assistant_delimiter + "\n"),
      writer_(format, below_delimiter()) {}

void Transcript::add_text(std::string_view text) { text_ += writer_.answer(text).text; }

void Transcript::add(const document::AnswerPart& part) { text_ += writer_.part(part).text; }

document::Message Transcript::message() const {
  const std::string document = text_ + writer_.ending().text;
  const auto lines = text::split_buffer(document);
  auto messages = document::read_messages(lines, format_);
  if (messages.empty() || messages.front().role != document::Role::kAssistant) {
    return {document::Role::kAssistant, ""};
  }
  return std::move(messages.front());
}

}  // namespace chatvim::completion
