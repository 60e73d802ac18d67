// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <string_view>

#include "clock.h"

namespace chatvim::standin {

// How a connection is ended by the server.
enum class Ending {
  kOrderly,  // FIN, after a TLS close_notify where there is TLS
  kAbrupt,   // FIN without close_notify, which TLS clients take for a truncation
  kReset,    // RST
};

// What is spoken on a connection.
enum class Protocol { kHttp1, kHttp2 };

// A connected socket that one thread reads and writes; only abort() may come from other threads.
class Stream {
 public:
  enum class Wait { kTime, kWoken, kClosed };

  // Takes over the connected socket `fd`.
  explicit Stream(int fd);
  virtual ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Makes the connection ready for use; false if the client does not go along.
  virtual bool handshake();
  // What the handshake has agreed on.
  virtual Protocol protocol() const { return Protocol::kHttp1; }
  // Reads up to `size` bytes as soon as there are some; 0 means that the connection is over.
  virtual std::size_t read(char* data, std::size_t size);
  // Writes everything; false means that the client has gone.
  virtual bool write(std::string_view data);

  // Waits until `deadline`, until `wake_fd` is readable, or until the client closes.
  Wait wait(Nanoseconds deadline, int wake_fd = -1);
  // Ends the connection; a second call does nothing.
  virtual void close(Ending ending);
  // Makes every present and later wait, read and write of the owner fail soon. Any thread.
  void abort();

  // Lets waits of this thread end within microseconds of their deadline.
  static void sharpen_timers();

 protected:
  int fd() const { return fd_; }
  // Waits until the socket is ready for `events` of poll(2); false if the client has gone.
  bool wait_ready(short events);

 private:
  bool peer_closed() const;

  std::mutex mutex_;  // keeps abort() from using a descriptor that close() gave back
  int fd_;
};

}  // namespace chatvim::standin
