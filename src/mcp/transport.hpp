// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"
#include "protocol.hpp"

namespace chatvim::mcp {

/// Receives what comes over a transport. Called from the loop. No call destroys the transport; it
/// may be silenced, and is then destroyed later.
class TransportHandler {
 public:
  virtual ~TransportHandler() = default;
  /// A message or a batch. Returns false if it is not JSON. `from`: the request that it answers, if
  /// the transport knows.
  virtual bool on_message(std::string_view json, std::size_t left_out, Id from) = 0;
  virtual void on_too_long() = 0;
  /// A request has no answer; no more than that if it had one before.
  virtual void on_refused(Id id, const Error& why) = 0;
  virtual void on_session_lost(Id id) = 0;
  /// The connection has ended, for all requests.
  virtual void on_closed(const Error& why) = 0;
  /// A line for the log.
  virtual void on_log(std::string_view line) = 0;
  /// Whether a request still waits for its answer, and whether the server has begun to talk.
  virtual bool waits_for(Id id) const = 0;
  virtual bool is_ready() const = 0;
};

/// How messages get to a server and back.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Result<void> start() = 0;
  virtual void send(const action::Send& message) = 0;
  /// The answer to a request is not needed any longer.
  virtual void forget(Id id) = 0;
  /// Calls the handler no more.
  virtual void silence() = 0;
};

}  // namespace chatvim::mcp
