// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <span>
#include <stdexcept>

#include "chatvim/loop/loop.hpp"
#include "chatvim/loop/system.hpp"

namespace chatvim::testing {

/// A multiplexer for descriptors only, for loops without HTTP; records the number of waits and the
/// last timeout.
class Polling final : public loop::Multiplexer {
 public:
  void wait(std::span<loop::Descriptor> descriptors, std::chrono::milliseconds timeout) override {
    ++waits;
    last_timeout = timeout;
    const auto ready = [&descriptors] {
      return std::any_of(descriptors.begin(), descriptors.end(),
                         [](const auto& one) { return one.can_read || one.can_write; });
    };
    const auto end = loop::Clock::now() + timeout;
    do {
      loop::poll_now(descriptors);
    } while (!ready() && loop::Clock::now() < end);
  }
  void perform() override {}

  int waits = 0;
  std::chrono::milliseconds last_timeout{};
};

/// A loop that fails a test that waits too long.
class TestLoop {
 public:
  loop::Loop& loop() { return loop_; }
  Polling& polling() { return polling_; }

  /// Runs until `done` returns true; throws after 20 seconds.
  void run_until(const std::function<bool()>& done) {
    const auto end = loop::Clock::now() + std::chrono::seconds(20);
    while (!done()) {
      if (loop::Clock::now() > end) throw std::runtime_error("the loop waited in vain");
      turn();
    }
  }

  /// Runs one iteration: whatever is ready runs.
  void turn() {
    loop_.post([this] { loop_.post([this] { loop_.quit(); }); });
    loop_.run();
  }

 private:
  Polling polling_;
  loop::Loop loop_{polling_};
};

/// Both ends of a pipe.
class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_.data()) != 0) throw std::runtime_error("no pipe");
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_read();
    close_write();
  }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_read() { close_end(ends_[0]); }
  void close_write() { close_end(ends_[1]); }

 private:
  static void close_end(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

}  // namespace chatvim::testing
