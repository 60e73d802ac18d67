// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chatvim::loop {

/// A pipe whose two ends are closed on exec and with this object.
struct Pipe {
  int read_end = -1;
  int write_end = -1;

  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe();
  /// Returns false on failure, with the reason in `errno`.
  bool open();
  /// Closes an end and sets it to -1.
  static void close_end(int& end);
};

/// Makes all our descriptors but standard input, output and error close on exec: otherwise sockets
/// of other chats would stay open in a child and in whatever it leaves behind.
void keep_descriptors();

}  // namespace chatvim::loop
