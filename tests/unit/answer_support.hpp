// SPDX-License-Identifier: Apache-2.0
// Builds answers with calls for the tests of requests.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/json.hpp"
#include "chatvim/text/base64.hpp"
#include "chatvim/wire/encoder.hpp"

namespace chatvim::testing {

using document::AnswerPart;
using document::Message;
using document::Role;
using Outcome = document::ToolCall::Outcome;

inline constexpr const char* kStateOf = "row/m";

inline AnswerPart text_part(std::string text) { return {AnswerPart::Kind::kText, std::move(text)}; }

inline AnswerPart call_part(std::size_t step, std::string tool, std::string id,
                            std::string arguments, Outcome outcome = Outcome::kOpen,
                            std::string result = "") {
  AnswerPart part{AnswerPart::Kind::kCall};
  part.call.step = step;
  part.call.tool = std::move(tool);
  part.call.id = std::move(id);
  part.call.arguments = std::move(arguments);
  part.call.outcome = outcome;
  part.call.result = std::move(result);
  return part;
}

/// A state; `items` is its JSON.
inline AnswerPart state_part(const std::string& items, std::string model = kStateOf) {
  AnswerPart part{AnswerPart::Kind::kState};
  text::append_base64(part.text, items);
  part.model = std::move(model);
  return part;
}

inline Message answer(std::vector<AnswerPart> parts) {
  Message message{Role::kAssistant, "the text"};
  message.answer = std::move(parts);
  return message;
}

inline provider::Provider row_of(Api api) {
  provider::Provider row;
  row.api = api;
  return row;
}

/// Returns the body of a request with these messages.
inline Json encoded(const provider::Provider& row, const std::vector<Message>& messages,
                    const std::function<void(wire::Prompt&)>& change = nullptr) {
  wire::Prompt prompt;
  prompt.model = "m";
  prompt.messages = messages;
  prompt.state_of = kStateOf;
  if (change) change(prompt);
  const std::string body = wire::encode_body(row, prompt);
  return Json::parse(body);
}

/// Returns the turns of a request.
inline Json turns_in(const provider::Provider& row, const std::vector<Message>& messages) {
  const Json body = encoded(row, messages);
  return body[row.api == Api::kResponses ? "input" : "messages"];
}

}  // namespace chatvim::testing
