// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "clock.h"
#include "http.h"

namespace chatvim::standin {

// What one step of a reply sent, and the time of each write, taken just before it. Here and below,
// times are 0 until the event has happened.
struct SentStep {
  std::size_t step = 0;  // its index in the script's list
  std::string kind;
  std::size_t bytes = 0;  // of the body, including its framing
  std::vector<Nanoseconds> sent_ns;
};

// The progress and result of a reply.
struct ReplyRecord {
  std::string name;  // of the script's reply
  int status = 0;
  Nanoseconds head_ns = 0;
  std::vector<SentStep> steps;
  std::string waiting_at;  // the gate at which it waits
  Nanoseconds ended_ns = 0;
  std::string ended;  // whole, closed, reset (by the script), client_closed; empty until then
};

// A request and its reply. The request is immutable; only the recorder may change the reply.
struct Exchange {
  std::uint64_t id = 0;  // from 1, in the order in which the bodies were complete
  std::uint64_t connection = 0;
  Nanoseconds accepted_ns = 0;
  HttpRequest request;
  ReplyRecord reply;
};

struct ConnectionRecord {
  std::uint64_t id = 0;
  Nanoseconds accepted_ns = 0;
  Nanoseconds ready_ns = 0;  // after the TLS handshake, if any
  Nanoseconds closed_ns = 0;
  std::string closed_by;  // client or server
  std::uint64_t requests = 0;
};

// All records at one point in time.
struct Snapshot {
  struct Entry {
    std::shared_ptr<const Exchange> exchange;  // its `reply` must not be read
    ReplyRecord reply;
  };
  std::vector<Entry> exchanges;
  std::vector<ConnectionRecord> connections;
};

// What a long poll waits for: at least these numbers, all at once.
struct Condition {
  std::uint64_t requests = 0;
  std::uint64_t ended = 0;               // replies that have ended in any way
  std::uint64_t closed = 0;              // replies that the client interrupted
  std::uint64_t connections = 0;         // accepted
  std::uint64_t connections_closed = 0;  // by either side
  std::string waiting;                   // a gate at which a reply waits
};

// Keeps the records of all connections and lets tests wait for them. Thread-safe.
class Recorder {
 public:
  std::uint64_t open_connection();
  void update_connection(std::uint64_t id, const std::function<void(ConnectionRecord&)>& change);
  // Removes a connection that turned out to belong to the control interface.
  void forget_connection(std::uint64_t id);

  std::shared_ptr<Exchange> add(HttpRequest request, std::uint64_t connection,
                                Nanoseconds accepted_ns);
  // Changes the reply's record; `wake` says whether a long poll may be waiting for the change.
  void update(Exchange& exchange, bool wake, const std::function<void(ReplyRecord&)>& change);

  // Waits until the condition holds (true), or until the deadline or the server's end (false).
  bool wait(const Condition& condition, Nanoseconds timeout);
  Snapshot snapshot() const;
  // Forgets all records; connections keep their numbers.
  void reset();
  // Ends all current and future waits.
  void stop();

 private:
  bool holds(const Condition& condition) const;
  ConnectionRecord* find(std::uint64_t id);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Exchange>> exchanges_;
  std::vector<ConnectionRecord> connections_;
  std::uint64_t last_connection_ = 0;
  bool stopped_ = false;
};

}  // namespace chatvim::standin
