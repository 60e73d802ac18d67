// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/api.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// Names (any case) and values of a response's header fields.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// Turns one HTTP response into events. Pure: bytes in, events out; bytes may be cut anywhere.
/// Every response ends with exactly one `End` or `Failure`; `Warning`s, `Finish` and `Usage` come
/// right before the `End`, the latter two once each; `Usage` may come before a `Failure` too.
/// What cannot be read is skipped, and is a `Warning` at the end; where the response ends there, it
/// is the reason of the `Failure`.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// The status line and header fields, before any byte of the body.
  virtual void head(int status, const Headers& headers) = 0;
  /// The next bytes of the body (content coding undone); appends to `events`.
  virtual void feed(std::string_view bytes, std::vector<Event>& events) = 0;
  /// The end of the body, clean or not; appends the last event unless it was there already.
  virtual void finish(std::vector<Event>& events) = 0;
  /// True once `End` or `Failure` has been given out: the rest of the body is of no interest.
  virtual bool done() const = 0;
  /// True when little or nothing can follow, though the connection is open: the model has said why
  /// it stopped, or what came is all of a body.
  virtual bool finished() const = 0;
};

/// What a response with a status other than 2xx means.
Failure describe_response(int status, const Headers& headers, std::string_view body);

/// A decoder for one response in the given wire format. Where an answer that goes on with
/// `repeated` begins with that text, it is left out of the events; empty: nothing is.
std::unique_ptr<Decoder> make_decoder(Api api, std::string repeated = "");

}  // namespace chatvim::wire
