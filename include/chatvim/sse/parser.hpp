// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::sse {

/// One server-sent event. The views are valid during the callback only. They hold the stream's own
/// bytes: the standard decodes with U+FFFD for what is not UTF-8, which the receiver does where it
/// needs text (a character may also be cut between two events' JSON).
struct Event {
  std::string_view type;  ///< "message" unless the stream named another
  std::string_view data;
  std::string_view last_event_id;
  bool loose = false;  ///< `data` is lines that are no fields of an event (`Options::loose_lines`)
};

/// Incremental parser of text/event-stream (WHATWG HTML, section "Server-sent events"). Does no
/// I/O; bytes may be cut anywhere. Each line and each event's data are limited to `max_bytes`; one
/// that is longer is an error.
class Parser {
 public:
  struct Options {
    bool deliver_unfinished =
        true;  ///< an event not closed by an empty line at the end of input (many servers do that)
    bool error_field =
        true;  ///< a field `error` makes an event of type "error" (llama.cpp before Sep 2025)
    bool indented_data = false;  ///< after an empty `data` line, an indented line of JSON is its
                                 ///< data (a proxy does that)
    /// Lines that are no fields are events of their own, joined up to the next blank line or field:
    /// a gateway's error may come without any framing. Names of fields count in any case.
    bool loose_lines = false;
    /// Some servers forget the blank line between events: a line of data begins a new event if it
    /// cannot continue the JSON object before it, or if another event name came before it.
    bool parts_json = false;
    std::size_t max_bytes = 16 * 1024 * 1024;
  };
  using Callback = std::function<void(const Event&)>;

  explicit Parser(Callback on_event);
  Parser(Callback on_event, Options options);

  /// Takes the next bytes and calls back for each event they complete. After an error nothing more
  /// is parsed.
  Result<void> feed(std::string_view bytes);
  /// The end of input.
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
  std::string line_;            // the part of a line that came before this piece of input
  std::string_view data_view_;  // the event's data while it is one line of this piece of input
  std::string data_;            // the event's data otherwise
  std::string type_;
  std::optional<std::string> later_type_;  // named after the data: this event's, or the next one's
  std::string loose_;                      // lines that are no fields
  std::string id_;
  std::size_t bom_ = 0;  // bytes of the mark seen; kBomDone: it is there or cannot come any more
  std::size_t next_lf_ = 0;  // where the next LF of this piece is, so that CR-only input is not
                             // searched again and again
  bool has_data_ = false;
  bool data_owned_ = false;
  bool skip_lf_ = false;  // the last line ended with CR: an LF right after it belongs to it
  bool failed_ = false;
};

}  // namespace chatvim::sse
