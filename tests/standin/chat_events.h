// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::standin {

// Writes server-sent events with OpenAI's `chat.completion.chunk` objects, each with one piece of
// text. The JSON is prepared once, so that an event costs a few copies only.
class DeltaEvents {
 public:
  DeltaEvents() = default;
  // `texts` are used in turn; in them `{n}` stands for a number if they are `numbered`. `field` is
  // the key of the delta object that holds the text. All are UTF-8.
  DeltaEvents(const std::vector<std::string>& texts, std::string_view field, bool numbered);

  // Appends event `index` (from 0) to `out`, with `number` for `{n}`.
  void append(std::size_t index, std::int64_t number, std::string& out) const;

 private:
  std::string head_;
  std::vector<std::vector<std::string>> texts_;  // escaped, cut at `{n}`
};

// The event that names the role and has no text.
std::string role_event();

// The events after the last text: the finish reason, the usage if it is asked for, and `[DONE]`.
std::string finish_events(std::string_view reason, bool usage, std::size_t prompt_tokens,
                          std::size_t completion_tokens, bool done);

}  // namespace chatvim::standin
