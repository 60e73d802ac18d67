// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <optional>
#include <utility>

#include "chatvim/loop/terminal.hpp"
#include "signal_pipe_unix.hpp"

namespace chatvim::loop {

struct Resizes::Impl {
  std::optional<Watcher> watcher;
};

Resizes::Resizes(Loop& loop, std::function<void()> on_resize) : impl_(std::make_unique<Impl>()) {
  const int pipe = signal_pipe(SIGWINCH, SA_RESTART);
  if (pipe < 0) return;
  impl_->watcher.emplace(loop, pipe, [pipe, callback = std::move(on_resize)] {
    clear_signal_pipe(pipe);
    callback();
  });
}

Resizes::~Resizes() = default;

}  // namespace chatvim::loop
