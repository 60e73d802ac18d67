// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::standin {

// Builds server-sent events with OpenAI's `chat.completion.chunk` objects, each with one piece of
// text. The JSON is prepared once, so that an event costs only a few copies.
class DeltaEvents {
 public:
  DeltaEvents() = default;
  // `texts` are used in turn; if they are `numbered`, `{n}` in them is a placeholder for a number.
  // `field` is the delta object's key for the text. All are UTF-8.
  DeltaEvents(const std::vector<std::string>& texts, std::string_view field, bool numbered);

  // Appends event `index` (from 0) to `out`, with `number` for `{n}`.
  void append(std::size_t index, std::int64_t number, std::string& out) const;

 private:
  std::string head_;
  std::vector<std::vector<std::string>> texts_;  // escaped, split at `{n}`
};

// Returns the event with the role and without text.
std::string role_event();

// Returns the events after the last text: the finish reason, the usage if requested, and `[DONE]`.
std::string finish_events(std::string_view reason, bool usage, std::size_t prompt_tokens,
                          std::size_t completion_tokens, bool done);

}  // namespace chatvim::standin
