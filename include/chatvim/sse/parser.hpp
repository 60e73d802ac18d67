// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::sse {

/// One server-sent event. The views are valid only during the callback. They hold the raw bytes of
/// the stream: the standard replaces invalid UTF-8 by U+FFFD, but here the receiver does that where
/// it needs text (a character may also be split between the JSON of two events).
struct Event {
  std::string_view type;  ///< "message" unless the stream names another type
  std::string_view data;
  std::string_view last_event_id;
  bool loose = false;  ///< `data` is not from event fields (`Options::loose_lines`)
};

/// Incremental parser for text/event-stream (WHATWG HTML, section "Server-sent events"). Does no
/// I/O; the input may be split anywhere. A line or an event's data longer than `max_bytes` is an
/// error.
class Parser {
 public:
  struct Options {
    bool deliver_unfinished = true;  ///< deliver an event that no empty line closes at the end of
                                     ///< input (many servers send that)
    bool error_field =
        true;  ///< a field `error` makes an event of type "error" (llama.cpp before Sep 2025)
    bool indented_data = false;  ///< an indented line of JSON after an empty `data` line is its
                                 ///< data (a proxy sends that)
    /// Deliver lines that are not fields as events of their own, joined up to the next blank line
    /// or field, because a gateway may send an error without any framing. Field names match in any
    /// case.
    bool loose_lines = false;
    /// Some servers omit the blank line between events. A data line then starts a new event if it
    /// cannot continue the preceding JSON object, or if it follows another event name.
    bool parts_json = false;
    std::size_t max_bytes = 16 * 1024 * 1024;
  };
  using Callback = std::function<void(const Event&)>;

  explicit Parser(Callback on_event);
  Parser(Callback on_event, Options options);

  /// Parses the next bytes and calls back for each event that they complete. After an error,
  /// further input is ignored.
  Result<void> feed(std::string_view bytes);
  /// Ends the input.
  void finish();

 private:
  std::string_view skip_bom(std::string_view bytes);
  bool is_between_events() const;
  std::size_t end_of_line(std::string_view bytes, std::size_t from);
  Result<void> keep(std::string_view part);
  Result<void> take_line(std::string_view line);
  Result<void> take_field(std::string_view line, std::string_view name, std::string_view value);
  Result<void> add_data(std::string_view value);
  void own_data();
  std::string_view data() const;
  void keep_loose(std::string_view line);
  void give_loose();
  void give_data();
  void part();
  void dispatch();

  Callback on_event_;
  Options options_;
  std::string line_;            // the part of the current line from earlier input
  std::string_view data_view_;  // the event's data while it is a single line of the current input
  std::string data_;            // the event's data otherwise
  std::string type_;
  std::optional<std::string> later_type_;  // name seen after the data: for this or the next event
  std::string loose_;                      // lines that are not fields
  std::string id_;
  std::size_t bom_ = 0;      // bytes of the byte-order mark seen; kBomDone: skipped or ruled out
  std::size_t next_lf_ = 0;  // offset of the next LF in the current input, so that input with only
                             // CRs is not rescanned for each line
  bool has_data_ = false;
  bool data_owned_ = false;
  bool skip_lf_ = false;  // the last line ended with CR, so an LF right after it is part of it
  bool failed_ = false;
};

}  // namespace chatvim::sse
