// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "connection.h"
#include "tls.h"

namespace chatvim::standin {

// A listening socket on a loopback address; closed by the destructor.
class Listener {
 public:
  ~Listener();
  // Listens on `host` (an address in 127.0.0.0/8, or ::1) and `port` (0: any free port); on failure
  // returns null and sets `error`.
  static std::unique_ptr<Listener> open(const std::string& host, std::uint16_t port,
                                        std::string& error);

  int fd() const { return fd_; }
  // Returns the address as `host:port`, with brackets around an IPv6 address.
  std::string name() const;

 private:
  explicit Listener(int fd) : fd_(fd) {}

  int fd_;
};

// Accepts connections and serves each in a thread of its own.
class Server {
 public:
  // `services` and `tls` (null: no TLS) must outlive it.
  Server(Services& services, const TlsContext* tls) : services_(services), tls_(tls) {}
  ~Server();

  // Accepts a pending connection at `listener`.
  void accept(const Listener& listener, bool control_only);
  // Ends all connections except those of the control interface.
  void drop_connections();

 private:
  struct Worker {
    std::unique_ptr<Connection> connection;
    std::thread thread;
    std::atomic<bool> finished = false;
  };

  void join_finished();

  Services& services_;
  const TlsContext* tls_;
  std::mutex mutex_;
  std::list<Worker> workers_;
};

}  // namespace chatvim::standin
