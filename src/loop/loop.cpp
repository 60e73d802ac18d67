// SPDX-License-Identifier: Apache-2.0
#include "chatvim/loop/loop.hpp"

#include <algorithm>
#include <utility>

namespace chatvim::loop {

namespace {

/// The longest single wait. Nothing depends on it; it only limits the effect of a lost wake-up.
constexpr std::chrono::milliseconds kLongestWait{60'000};

template <class T>
bool contains(const std::vector<T*>& all, const T* one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// Invokes a callback and keeps it alive until it returns, since it may destroy its owner.
void call(const std::shared_ptr<const std::function<void()>>& callback) {
  const auto alive = callback;
  (*alive)();
}

}  // namespace

Loop::Loop(Multiplexer& multiplexer) : multiplexer_(multiplexer) {}

Loop::~Loop() = default;

void Loop::run() {
  while (!quit_) {
    run_posted();
    if (quit_) break;
    run_watchers();
    multiplexer_.perform();
    run_timers();
  }
  quit_ = false;
}

void Loop::quit() { quit_ = true; }

void Loop::post(std::function<void()> callback) { posted_.push_back(std::move(callback)); }

void Loop::keep(std::shared_ptr<void> object) { kept_.push_back(std::move(object)); }

void Loop::release(const void* object) {
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [object](const auto& kept) { return kept.get() == object; });
  if (found == kept_.end()) return;
  std::shared_ptr<void> last = std::move(*found);
  kept_.erase(found);
  post([last = std::move(last)]() mutable { last.reset(); });
}

void Loop::run_posted() {
  // A callback posted by a posted callback waits for the next iteration, so that a chain of them
  // cannot starve the rest.
  for (auto& callback : std::exchange(posted_, {})) callback();
}

void Loop::run_watchers() {
  std::vector<Descriptor> descriptors;
  const std::vector<Watcher*> watchers = watchers_;
  descriptors.reserve(watchers.size());
  for (const Watcher* watcher : watchers) {
    descriptors.push_back({watcher->fd_, watcher->want_read_, watcher->want_write_});
  }
  multiplexer_.wait(descriptors,
                    posted_.empty() ? until_next_timer() : std::chrono::milliseconds{0});
  for (std::size_t i = 0; i < watchers.size() && !quit_; ++i) {
    // A callback may have destroyed any watcher, including its own.
    if (descriptors[i].can_read && contains(watchers_, watchers[i]) && watchers[i]->want_read_) {
      call(watchers[i]->on_readable_);
    }
    if (descriptors[i].can_write && contains(watchers_, watchers[i]) && watchers[i]->want_write_) {
      call(watchers[i]->on_writable_);
    }
  }
}

void Loop::run_timers() {
  const auto now = Clock::now();
  const std::vector<Timer*> timers = timers_;
  for (Timer* timer : timers) {
    if (quit_ || !contains(timers_, timer) || !timer->active_ || timer->due_ > now) continue;
    timer->active_ = false;
    call(timer->callback_);
  }
}

std::chrono::milliseconds Loop::until_next_timer() const {
  auto next = kLongestWait;
  const auto now = Clock::now();
  for (const Timer* timer : timers_) {
    if (!timer->active_) continue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(timer->due_ - now);
    next = std::min(next, std::max(left, std::chrono::milliseconds{0}));
  }
  return next;
}

Watcher::Watcher(Loop& loop, int fd, Callback on_readable, Callback on_writable)
    : loop_(loop),
      fd_(fd),
      on_readable_(std::make_shared<const Callback>(std::move(on_readable))),
      on_writable_(std::make_shared<const Callback>(std::move(on_writable))) {
  want_read_ = *on_readable_ != nullptr;
  loop_.watchers_.push_back(this);
}

Watcher::~Watcher() { std::erase(loop_.watchers_, this); }

Timer::Timer(Loop& loop, std::function<void()> callback)
    : loop_(loop), callback_(std::make_shared<const std::function<void()>>(std::move(callback))) {
  loop_.timers_.push_back(this);
}

Timer::~Timer() { std::erase(loop_.timers_, this); }

void Timer::start(Duration after) {
  due_ = Clock::now() + after;
  active_ = true;
}

}  // namespace chatvim::loop
