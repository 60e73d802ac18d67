// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace chatvim::loop {

using Clock = std::chrono::steady_clock;
using Duration = Clock::duration;

/// A descriptor to wait for, and which operations it is ready for.
struct Descriptor {
  int fd = -1;
  bool want_read = false;
  bool want_write = false;
  bool can_read = false;  ///< also at the end of input or on an error; a read distinguishes them
  bool can_write = false;
};

/// Waits for descriptors together with whatever else it watches (libcurl's sockets), and drives
/// that work. The loop polls the operating system only through this interface.
class Multiplexer {
 public:
  virtual ~Multiplexer() = default;
  /// Blocks until a descriptor is ready or the timeout expires (it may return earlier), then marks
  /// which ones are ready.
  virtual void wait(std::span<Descriptor> descriptors, std::chrono::milliseconds timeout) = 0;
  /// Does the work that has become possible; called after each wait.
  virtual void perform() = 0;
};

class Watcher;
class Timer;

/// The program's only event loop: one thread, descriptors and timers. Watchers and timers must not
/// outlive the loop; they register in their constructor and unregister in their destructor, which
/// may run inside a callback.
class Loop {
 public:
  explicit Loop(Multiplexer& multiplexer);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  /// Runs until `quit`; returns at once if that was called before.
  void run();
  /// Makes `run` return after the current callback.
  void quit();
  /// Runs `callback` once from the loop, after the callbacks of this iteration.
  void post(std::function<void()> callback);
  /// Owns an object that finishes its work in the background, until it asks to be released or the
  /// loop is destroyed. `release` destroys it in the next iteration, so an object may call it from
  /// its own callback.
  void keep(std::shared_ptr<void> object);
  void release(const void* object);

 private:
  friend class Watcher;
  friend class Timer;

  void run_posted();
  void run_timers();
  void run_watchers();
  std::chrono::milliseconds until_next_timer() const;

  Multiplexer& multiplexer_;
  std::vector<Watcher*> watchers_;
  std::vector<Timer*> timers_;
  std::vector<std::function<void()>> posted_;
  bool quit_ = false;
  // Last, so that its objects are destroyed first: they have watchers and timers.
  std::vector<std::shared_ptr<void>> kept_;
};

/// Calls back while a descriptor is readable or writable, as requested. Does not own the
/// descriptor.
class Watcher {
 public:
  using Callback = std::function<void()>;
  Watcher(Loop& loop, int fd, Callback on_readable, Callback on_writable = nullptr);
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher();

  void want_read(bool wanted) { want_read_ = wanted; }
  void want_write(bool wanted) { want_write_ = wanted; }

 private:
  friend class Loop;
  Loop& loop_;
  int fd_;
  // Shared with the loop during a call, because a callback that destroys its watcher must not
  // destroy itself.
  std::shared_ptr<const Callback> on_readable_;
  std::shared_ptr<const Callback> on_writable_;
  bool want_read_ = true;
  bool want_write_ = false;
};

/// Calls back once after a delay; may be restarted, even from its own callback.
class Timer {
 public:
  Timer(Loop& loop, std::function<void()> callback);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer();

  /// Starts or restarts the timer.
  void start(Duration after);
  void stop() { active_ = false; }
  bool active() const { return active_; }

 private:
  friend class Loop;
  Loop& loop_;
  std::shared_ptr<const std::function<void()>> callback_;  // shared for the same reason
  Clock::time_point due_;
  bool active_ = false;
};

}  // namespace chatvim::loop
