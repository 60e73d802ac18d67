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

/// Header fields of a response: names (in any case) and values.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// Turns one HTTP response into events. Does no I/O: bytes in, events out; the bytes may be split
/// anywhere. Every response ends with exactly one `End` or `Failure`. `Warning`s, `Finish` and
/// `Usage` come right before the `End`, `Finish` and `Usage` at most once each; `Usage` may also
/// come before a `Failure`. Data that cannot be parsed is skipped and reported as a `Warning` at
/// the end; if the response ends there, it becomes the reason of the `Failure`.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Takes the status and the header fields. Call it before the first byte of the body.
  virtual void head(int status, const Headers& headers) = 0;
  /// Takes the next bytes of the body, with any content coding already decoded; appends to
  /// `events`.
  virtual void feed(std::string_view bytes, std::vector<Event>& events) = 0;
  /// Marks the end of the body, clean or not; appends the last event unless it was emitted already.
  virtual void finish(std::vector<Event>& events) = 0;
  /// Whether `End` or `Failure` has been emitted; the rest of the body can be ignored.
  virtual bool done() const = 0;
  /// Whether little or nothing can follow although the connection is open: a finish reason has
  /// arrived, or the body received so far is complete.
  virtual bool finished() const = 0;
};

/// Returns the failure that a response with a status other than 2xx stands for.
Failure describe_response(int status, const Headers& headers, std::string_view body);

/// Makes a decoder for one response in the given wire format. If the answer continues the text
/// `repeated` and begins by repeating it, that text is left out of the events. "" disables this.
std::unique_ptr<Decoder> make_decoder(Api api, std::string repeated = "");

}  // namespace chatvim::wire
