// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "chatvim/loop/system.hpp"
#include "chatvim/loop/terminal.hpp"
#include "descriptors_unix.hpp"

namespace chatvim::loop {

namespace {

/// The write end of the pipe that carries SIGWINCH into the loop; -1 while nothing listens.
volatile sig_atomic_t g_resize_pipe = -1;

extern "C" void on_resize_signal(int) {
  const int saved = errno;
  [[maybe_unused]] const ssize_t put = ::write(g_resize_pipe, "", 1);
  errno = saved;
}

}  // namespace

struct Resizes::Impl {
  Pipe pipe;
  struct sigaction old {};
  std::unique_ptr<Watcher> watcher;
};

Resizes::Resizes(Loop& loop, std::function<void()> on_resize) : impl_(std::make_unique<Impl>()) {
  if (!impl_->pipe.open()) return;
  set_nonblocking(impl_->pipe.read_end);
  set_nonblocking(impl_->pipe.write_end);
  impl_->watcher = std::make_unique<Watcher>(
      loop, impl_->pipe.read_end, [fd = impl_->pipe.read_end, callback = std::move(on_resize)] {
        std::array<char, 256> bytes;
        std::size_t count = 0;
        while (read_some(fd, bytes.data(), bytes.size(), count) == Transfer::kDone) {
        }
        callback();
      });
  g_resize_pipe = impl_->pipe.write_end;
  struct sigaction action {};
  action.sa_handler = on_resize_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGWINCH, &action, &impl_->old);
}

Resizes::~Resizes() {
  if (!impl_->watcher) return;
  sigaction(SIGWINCH, &impl_->old, nullptr);
  g_resize_pipe = -1;
}

}  // namespace chatvim::loop
