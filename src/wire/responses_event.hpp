// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// A part of an output item: `output_text`, `refusal`, `summary_text` or `reasoning_text`.
struct OutputPart {
  std::string type;
  std::string text;
};

/// An output item: a `message`, `reasoning`, a `function_call`, or a kind that is of no interest.
struct OutputItem {
  std::string type;
  std::string id;
  std::string call_id;
  std::string name;
  std::string arguments;
  std::vector<OutputPart> content;
  std::vector<OutputPart> summary;
};

/// The `response` object: in the events that begin and end a stream, or the whole body.
struct ResponseObject {
  bool known = false;  ///< it says that it is a response
  std::string status;
  std::string incomplete_reason;
  bool error = false;  ///< it reports an error; see `describe_error`
  std::optional<provider::Usage> usage;
  std::vector<OutputItem> output;
};

/// What one event of a Responses stream says. Strings are as `JsonCursor` gives them: perhaps cut
/// inside a character.
struct ResponsesEvent {
  std::string type;
  std::optional<std::int64_t> output_index;
  std::int64_t part_index = 0;  ///< of the part in its item
  std::string item_id;
  std::string delta;
  std::string whole;  ///< what a `.done` event repeats: text, refusal or arguments
  bool error = false;
  bool damaged = false;  ///< a value that nobody reads is not JSON
  OutputPart part;
  OutputItem item;
  ResponseObject response;
};

/// Reads an event's data, its members in any order; nothing when the text is not JSON. A field that
/// is absent, null or of another type says nothing.
std::optional<ResponsesEvent> read_responses_event(std::string_view text);

/// Reads a whole response where a stream was asked for.
std::optional<ResponseObject> read_response_object(std::string_view text);

}  // namespace chatvim::wire
