// SPDX-License-Identifier: Apache-2.0
#include "signal_pipe_unix.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <map>

#include "chatvim/loop/system.hpp"
#include "descriptors_unix.hpp"

namespace chatvim::loop {

namespace {

/// The write ends of the pipes that carry signals into the loop, by the number of the signal.
volatile sig_atomic_t g_write_ends[NSIG];

extern "C" void on_signal_for_pipe(int number) {
  const int saved = errno;
  [[maybe_unused]] const ssize_t put = ::write(g_write_ends[number], "", 1);
  errno = saved;
}

void install(int number, int flags, Pipe& pipe) {
  if (!pipe.open()) return;
  set_nonblocking(pipe.read_end);
  set_nonblocking(pipe.write_end);
  g_write_ends[number] = pipe.write_end;
  struct sigaction action {};
  action.sa_handler = on_signal_for_pipe;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

}  // namespace

int signal_pipe(int number, int flags) {
  static std::map<int, Pipe> pipes;
  const auto [entry, is_new] = pipes.try_emplace(number);
  if (is_new) install(number, flags, entry->second);
  return entry->second.read_end;
}

void clear_signal_pipe(int descriptor) {
  std::array<char, 256> bytes;
  std::size_t count = 0;
  while (read_some(descriptor, bytes.data(), bytes.size(), count) == Transfer::kDone) {
  }
}

}  // namespace chatvim::loop
