// SPDX-License-Identifier: Apache-2.0
#include "child_signal_unix.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "chatvim/loop/system.hpp"
#include "descriptors_unix.hpp"

namespace chatvim::loop {

namespace {

/// The write end of the pipe that carries SIGCHLD into the loop.
volatile sig_atomic_t g_child_pipe = -1;

extern "C" void on_child_signal(int) {
  const int saved = errno;
  [[maybe_unused]] const ssize_t put = ::write(g_child_pipe, "", 1);
  errno = saved;
}

/// Returns the read end.
int install() {
  static Pipe pipe;
  if (!pipe.open()) return -1;
  set_nonblocking(pipe.read_end);
  set_nonblocking(pipe.write_end);
  g_child_pipe = pipe.write_end;
  struct sigaction action {};
  action.sa_handler = on_child_signal;
  action.sa_flags = SA_RESTART | SA_NOCLDSTOP;
  sigemptyset(&action.sa_mask);
  sigaction(SIGCHLD, &action, nullptr);
  return pipe.read_end;
}

}  // namespace

int child_signal() {
  static const int kReadEnd = install();
  return kReadEnd;
}

void clear_child_signal() {
  std::array<char, 256> bytes;
  std::size_t count = 0;
  while (read_some(child_signal(), bytes.data(), bytes.size(), count) == Transfer::kDone) {
  }
}

}  // namespace chatvim::loop
