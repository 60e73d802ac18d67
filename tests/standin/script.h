// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chat_events.h"
#include "clock.h"
#include "framing.h"
#include "http.h"
#include "stream.h"

namespace chatvim::standin {

// Sends bytes in one write, or in writes of `piece` bytes each if `piece` is not 0. Repeats this
// `times` times, and waits for `gap` between two writes.
struct SendStep {
  std::string bytes;
  std::size_t piece = 0;
  std::size_t times = 1;
  Nanoseconds gap = 0;
  bool framed = true;  // false: the bytes are sent without the body's framing
};

// Sends `count` text events: paced, with `chunk` events per write, or, if `per_second` is 0, all at
// once from `burst`, with `chunk` events per HTTP chunk.
struct DeltasStep {
  DeltaEvents events;
  std::size_t count = 0;
  std::int64_t from = 1;  // the number of the first event
  std::size_t chunk = 1;
  double per_second = 0;
  bool role = false;  // start with an event that has the role
  std::string burst;  // the framed bytes of all events at full speed
};

// Sends the events that end an answer.
struct FinishStep {
  std::string reason;
  std::optional<bool> usage;  // unset: if the request asks for it
  bool done = true;
};

struct PauseStep {
  Nanoseconds duration = 0;
};
// Waits until the gate `name` is released.
struct WaitStep {
  std::string name;
};
// With `goaway`, an HTTP/2 connection first gets a GOAWAY frame.
struct CloseStep {
  Ending ending = Ending::kOrderly;
  bool goaway = false;
};
// Sends nothing more until the client closes.
struct HangStep {};
// Sends the status line and headers here instead of at the start.
struct HeadStep {};

using Step = std::variant<SendStep, DeltasStep, FinishStep, PauseStep, WaitStep, CloseStep,
                          HangStep, HeadStep>;

// Which requests a reply is for; an empty field matches everything.
struct Match {
  std::string method;
  std::string path;   // without the query
  std::string model;  // the `model` in the body
  std::string body;   // a substring of the body
};

// A reply in a script. Immutable after parsing.
struct Reply {
  std::string name;
  Match match;
  bool repeat = false;
  int status = 200;
  std::string reason;
  std::vector<Header> headers;
  Framing framing = Framing::kChunked;
  std::vector<Step> steps;
  std::optional<Ending> afterwards;  // how the connection ends after a complete reply, if it does
};

// What the server does with a new connection before it reads from it.
enum class Greeting { kServe, kHang, kClose, kReset };

// A list of replies to future requests.
struct Script {
  std::vector<std::shared_ptr<const Reply>> replies;
  std::optional<Greeting> greeting;
};

// Parses a script, see README.md; if it is invalid, returns nothing and sets `error` to a message
// with the position.
std::optional<Script> parse_script(std::string_view text, std::string& error);

// Prepares the bytes of a step that is sent at full speed.
void prepare_burst(DeltasStep& step, Framing framing);

}  // namespace chatvim::standin
