// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <string_view>

#include "clock.h"

namespace chatvim::standin {

// How the server ends a connection.
enum class Ending {
  kOrderly,  // FIN, with TLS after a close_notify
  kAbrupt,   // FIN without close_notify, which TLS clients treat as a truncation
  kReset,    // RST
};

// The protocol on a connection.
enum class Protocol { kHttp1, kHttp2 };

// A connected socket for reads and writes by one thread; other threads may only call abort().
class Stream {
 public:
  enum class Wait { kTime, kWoken, kClosed };

  // Takes ownership of the connected socket `fd`.
  explicit Stream(int fd);
  virtual ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Makes the connection ready for use; returns false if the client does not cooperate.
  virtual bool handshake();
  // Returns the protocol that the handshake has negotiated.
  virtual Protocol protocol() const { return Protocol::kHttp1; }
  // Reads up to `size` bytes as soon as any are available; 0 means that the connection has ended.
  virtual std::size_t read(char* data, std::size_t size);
  // Writes everything; false means that the client has closed.
  virtual bool write(std::string_view data);

  // Waits until `deadline`, until `wake_fd` is readable, or until the client closes.
  Wait wait(Nanoseconds deadline, int wake_fd = -1);
  // Ends the connection; a second call does nothing.
  virtual void close(Ending ending);
  // Makes all current and later waits, reads and writes of the owner fail soon. Can be called from
  // any thread.
  void abort();

  // Lets waits in this thread end within microseconds of their deadline.
  static void sharpen_timers();

 protected:
  int fd() const { return fd_; }
  // Waits until the socket is ready for `events` of poll(2); returns false if the client has
  // closed.
  bool wait_ready(short events);

 private:
  bool peer_closed() const;

  std::mutex mutex_;  // keeps abort() from using a descriptor that close() has released
  int fd_;
};

}  // namespace chatvim::standin
