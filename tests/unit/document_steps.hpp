// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "chatvim/document/message.hpp"
#include "document_generators.hpp"
#include "document_support.hpp"
#include "property.hpp"

// Answers with calls and states: how they are compared, and generated.
namespace chatvim::document {

inline std::ostream& operator<<(std::ostream& out, const AnswerPart& part) {
  return out << static_cast<int>(part.kind) << " [" << part.text << "] " << part.call.tool << " "
             << part.call.id << " [" << part.call.arguments << "] " << name_of(part.call.outcome)
             << " [" << part.call.result << "]";
}

}  // namespace chatvim::document

namespace chatvim::testing {

using document::AnswerPart;
using document::ToolCall;

inline AnswerPart text_part(const std::string& words) {
  return {AnswerPart::Kind::kText, words, {}, {}};
}

inline AnswerPart call_part(ToolCall call) {
  return {AnswerPart::Kind::kCall, {}, std::move(call), {}};
}

inline AnswerPart state_part(const std::string& model, const std::string& base64) {
  return {AnswerPart::Kind::kState, base64, {}, model};
}

/// Whether calls can be written in this format.
inline bool can_keep_calls(const Format& format) {
  const auto delimiters = {format.user_delimiter, format.assistant_delimiter,
                           format.system_delimiter};
  return std::none_of(delimiters.begin(), delimiters.end(),
                      [](const std::string& line) { return line == kReasoningClose; });
}

/// Returns a call of a step; `open` allows it to have no result.
inline ToolCall any_call(const Format& format, std::size_t step, bool open = true) {
  using Outcome = ToolCall::Outcome;
  const auto word = [] {
    return *rc::gen::nonEmpty(
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("aZ9._-"))));
  };
  ToolCall one;
  one.step = step;
  one.tool = word();
  one.id = word() + *rc::gen::element<std::string>("", "/+=:", "\xC3\xBC", "{}");
  one.is_json = *rc::gen::arbitrary<bool>();
  one.arguments = *reply_of(format).as("arguments");
  one.outcome =
      *rc::gen::element(Outcome::kResult, Outcome::kError, Outcome::kRefused, Outcome::kCut);
  if (open && *rc::gen::arbitrary<bool>()) one.outcome = Outcome::kOpen;
  if (one.outcome != Outcome::kOpen) one.result = *reply_of(format).as("result");
  return one;
}

inline AnswerPart any_state() {
  const auto size = *rc::gen::inRange<std::size_t>(0, 60);
  // Lines of a state have 100 characters: the last one may look like a delimiter of formats().
  return state_part(*rc::gen::element<std::string>("a/b", "openai/gpt-9:x"),
                    std::string(*rc::gen::element<std::size_t>(0, 100, 200), 'Q') +
                        *rc::gen::element(std::string("U"), std::string("x"), std::string()) +
                        std::string(size == 0 ? 0 : size, 'A'));
}

/// Returns the parts of an answer: texts as the server sends them, states, and calls whose numbers
/// grow from `first_step` on.
inline std::vector<AnswerPart> any_answer(const Format& format, std::size_t first_step = 1) {
  std::vector<AnswerPart> parts;
  std::size_t step = first_step;
  const int count = *rc::gen::inRange(0, 7);
  for (int i = 0; i < count; ++i) {
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
      case 1:
        // Two texts in a row are one.
        if (!parts.empty() && parts.back().kind == AnswerPart::Kind::kText) break;
        parts.push_back(text_part(*reply_of(format).as("text")));
        break;
      case 2:
        parts.push_back(any_state());
        break;
      default:
        step += *rc::gen::inRange<std::size_t>(0, 2);
        parts.push_back(call_part(any_call(format, step)));
    }
  }
  return parts;
}

/// Returns what parts must read back as.
inline std::vector<AnswerPart> read_back(const std::vector<AnswerPart>& parts,
                                         const Format& format) {
  std::vector<AnswerPart> expected;
  bool any = false;
  for (AnswerPart part : parts) {
    any = any || part.kind != AnswerPart::Kind::kText;
    if (part.kind == AnswerPart::Kind::kText) {
      part.text = message_of(part.text, format);
      if (part.text.empty()) continue;
    }
    part.call.arguments = clean(part.call.arguments);
    part.call.result = clean(part.call.result);
    expected.push_back(std::move(part));
  }
  return any ? expected : std::vector<AnswerPart>();
}

/// Writes a part; text arrives in pieces.
template <class Buffer>
void write_part(Buffer& buffer, const AnswerPart& part) {
  if (part.kind != AnswerPart::Kind::kText) return buffer.part(part);
  for (const std::string& piece : pieces_of(part.text)) buffer.answer(piece);
}

}  // namespace chatvim::testing
