// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::sse {

/// One server-sent event. The views are valid during the callback only.
struct Event {
  std::string_view type;  ///< "message" unless the stream named another
  std::string_view data;
  std::string_view last_event_id;
};

/// Incremental parser of text/event-stream (WHATWG HTML, section "Server-sent events"). Does no I/O; bytes may be cut
/// anywhere. Each line and each event's data are limited to `max_bytes`; one that is longer is an error.
class Parser {
 public:
  struct Options {
    bool deliver_unfinished = true;  ///< an event not closed by an empty line at the end of input (many servers do that)
    bool error_field = true;         ///< a field `error` makes an event of type "error" (llama.cpp before Sep 2025)
    std::size_t max_bytes = 16 * 1024 * 1024;
  };
  using Callback = std::function<void(const Event&)>;

  explicit Parser(Callback on_event);
  Parser(Callback on_event, Options options);

  /// Takes the next bytes and calls back for each event they complete. After an error nothing more is parsed.
  Result<void> feed(std::string_view bytes);
  /// The end of input.
  void finish();
};

}  // namespace chatvim::sse
