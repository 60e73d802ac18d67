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

// What one step of a reply sent: each write's time, taken just before it. Times are 0 until the
// thing has happened, here and below.
struct SentStep {
  std::size_t step = 0;  // its place in the script's list
  std::string kind;
  std::size_t bytes = 0;  // of the body, with its framing
  std::vector<Nanoseconds> sent_ns;
};

// How a reply went.
struct ReplyRecord {
  std::string name;  // of the script's reply
  int status = 0;
  Nanoseconds head_ns = 0;
  std::vector<SentStep> steps;
  std::string waiting_at;  // the gate where it stands
  Nanoseconds ended_ns = 0;
  std::string ended;  // whole, closed, reset (by the script), client_closed; empty until then
};

// One request and the reply to it. The request does not change; the reply is the recorder's.
struct Exchange {
  std::uint64_t id = 0;  // from 1, in the order in which the bodies were whole
  std::uint64_t connection = 0;
  Nanoseconds accepted_ns = 0;
  HttpRequest request;
  ReplyRecord reply;
};

struct ConnectionRecord {
  std::uint64_t id = 0;
  Nanoseconds accepted_ns = 0;
  Nanoseconds ready_ns = 0;  // after the TLS handshake, if there is one
  Nanoseconds closed_ns = 0;
  std::string closed_by;  // client or server
  std::uint64_t requests = 0;
};

// Everything that is known at one time.
struct Snapshot {
  struct Entry {
    std::shared_ptr<const Exchange> exchange;  // its `reply` is not to be read
    ReplyRecord reply;
  };
  std::vector<Entry> exchanges;
  std::vector<ConnectionRecord> connections;
};

// What a long poll waits for: at least that many of each, all at once.
struct Condition {
  std::uint64_t requests = 0;
  std::uint64_t ended = 0;               // replies that are over in any way
  std::uint64_t closed = 0;              // replies that the client cut
  std::uint64_t connections = 0;         // accepted
  std::uint64_t connections_closed = 0;  // by either side
  std::string waiting;                   // a gate at which a reply stands
};

// Keeps the records of all connections and lets tests wait for them. Safe for all threads.
class Recorder {
 public:
  std::uint64_t open_connection();
  void update_connection(std::uint64_t id, const std::function<void(ConnectionRecord&)>& change);
  // Takes out a connection that turned out to be one of the control interface.
  void forget_connection(std::uint64_t id);

  std::shared_ptr<Exchange> add(HttpRequest request, std::uint64_t connection,
                                Nanoseconds accepted_ns);
  // Changes the reply's record; `wake` says whether a long poll may have waited for it.
  void update(Exchange& exchange, bool wake, const std::function<void(ReplyRecord&)>& change);

  // Waits until the condition holds (true) or the deadline or the end of the server (false).
  bool wait(const Condition& condition, Nanoseconds timeout);
  Snapshot snapshot() const;
  // Forgets all that was recorded; connections go on with their numbers.
  void reset();
  // Ends all waits, now and later.
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
