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

// Sends bytes, in one write, or in writes of `piece` bytes each if that is not 0; all of it `times`
// times, and between two writes nothing for `gap`.
struct SendStep {
  std::string bytes;
  std::size_t piece = 0;
  std::size_t times = 1;
  Nanoseconds gap = 0;
  bool framed = true;  // false: the bytes go out without the body's framing
};

// Sends `count` text events: at a pace, `chunk` of them in one write, or, with `per_second` 0, all
// at once from `burst`, where `chunk` of them are one HTTP chunk.
struct DeltasStep {
  DeltaEvents events;
  std::size_t count = 0;
  std::int64_t from = 1;  // the number of the first
  std::size_t chunk = 1;
  double per_second = 0;
  bool role = false;  // an event with the role goes first
  std::string burst;  // the framed bytes of everything, if it goes at full speed
};

// Sends the events that end an answer.
struct FinishStep {
  std::string reason;
  std::optional<bool> usage;  // unset: as the request asks
  bool done = true;
};

struct PauseStep {
  Nanoseconds duration = 0;
};
// Waits until the gate `name` is released.
struct WaitStep {
  std::string name;
};
// With `goaway`, an HTTP/2 connection is told first that it is over.
struct CloseStep {
  Ending ending = Ending::kOrderly;
  bool goaway = false;
};
// Does nothing more until the client closes.
struct HangStep {};
// Sends status line and headers here, not at the start.
struct HeadStep {};

using Step = std::variant<SendStep, DeltasStep, FinishStep, PauseStep, WaitStep, CloseStep,
                          HangStep, HeadStep>;

// Which requests a reply is for; an empty field fits all.
struct Match {
  std::string method;
  std::string path;   // without the query
  std::string model;  // the `model` in the body
  std::string body;   // a part of the body
};

// What a script says about one answer. It never changes once it is read.
struct Reply {
  std::string name;
  Match match;
  bool repeat = false;
  int status = 200;
  std::string reason;
  std::vector<Header> headers;
  Framing framing = Framing::kChunked;
  std::vector<Step> steps;
  std::optional<Ending> afterwards;  // what ends the connection after a whole reply, if anything
};

// What the server does with a new connection before it reads from it.
enum class Greeting { kServe, kHang, kClose, kReset };

// A list of replies for the requests to come.
struct Script {
  std::vector<std::shared_ptr<const Reply>> replies;
  std::optional<Greeting> greeting;
};

// Reads a script, see README.md; nothing, and words that name the place in `error`, if it is wrong.
std::optional<Script> parse_script(std::string_view text, std::string& error);

// Prepares the bytes of a step that goes at full speed.
void prepare_burst(DeltasStep& step, Framing framing);

}  // namespace chatvim::standin
