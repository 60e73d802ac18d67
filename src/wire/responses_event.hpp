// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat_chunk.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// A part of an output item: `output_text`, `refusal`, `summary_text` or `reasoning_text`.
struct OutputPart {
  std::string type;
  std::string text;
  std::vector<Source> sources = {};
};

/// An output item: a `message`, `reasoning`, a `function_call`, a `web_search_call`, or a kind that
/// is ignored.
struct OutputItem {
  std::string type;
  std::string id;
  std::string call_id;
  std::string name;
  std::string arguments;
  std::string phase;  ///< of a `message`
  std::string json;   ///< the item itself, if it is one that goes back as it came
  std::vector<OutputPart> content;
  std::vector<OutputPart> summary;
};

/// The `response` object, from the events that begin and end a stream or from a whole body.
struct ResponseObject {
  bool known = false;  ///< it is recognizably a response
  std::string status;
  std::string incomplete_reason;
  bool error = false;  ///< it reports an error; see `describe_error`
  std::optional<provider::Usage> usage;
  std::vector<OutputItem> output;
};

/// The content of one event of a Responses stream. Strings are as `JsonCursor` returns them and may
/// be split inside a character.
struct ResponsesEvent {
  std::string type;
  std::optional<std::int64_t> output_index;
  std::int64_t part_index = 0;  ///< index of the part in its item
  std::string item_id;
  std::string delta;
  std::string whole;  ///< the full text, refusal or arguments in a `.done` event
  bool error = false;
  bool damaged = false;  ///< an ignored value is not valid JSON
  OutputPart part;
  OutputItem item;
  Source source;  ///< of an annotation
  ResponseObject response;
};

/// Reads an event's data, with its members in any order. Returns nothing if the text is not JSON.
/// Ignores a field that is absent, null or of the wrong type.
std::optional<ResponsesEvent> read_responses_event(std::string_view text);

/// Reads a whole response, as a server that does not stream sends it. Returns nothing if the text
/// is not JSON.
std::optional<ResponseObject> read_response_object(std::string_view text);

}  // namespace chatvim::wire
