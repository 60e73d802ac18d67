// SPDX-License-Identifier: Apache-2.0
#include "chatvim/loop/loop.hpp"

#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "chatvim/loop/system.hpp"
#include "loop_support.hpp"

namespace chatvim::loop {
namespace {

using testing::Pipe;
using testing::TestLoop;
using namespace std::chrono_literals;

TEST_CASE("posted callbacks run once, in order, those they post in the next turn", "[loop]") {
  testing::Polling polling;
  Loop loop(polling);
  std::vector<int> order;
  loop.post([&] {
    order.push_back(1);
    loop.post([&] {
      order.push_back(3);
      loop.quit();
    });
  });
  loop.post([&] { order.push_back(2); });
  loop.run();
  CHECK(order == std::vector<int>{1, 2, 3});
  CHECK(polling.waits == 1);
  CHECK(polling.last_timeout == 0ms);  // with work left nothing is waited for
}

TEST_CASE("quit ends the loop at once; it can run again", "[loop]") {
  testing::Polling polling;
  Loop loop(polling);
  Timer late(loop, [] { FAIL("ran after quit"); });
  late.start(0ms);
  loop.post([&] { loop.quit(); });
  loop.run();
  CHECK(polling.waits == 0);
  late.stop();
  int runs = 0;
  loop.post([&] {
    ++runs;
    loop.quit();
  });
  loop.run();
  CHECK(runs == 1);
}

TEST_CASE("quit before the loop runs is not forgotten", "[loop]") {
  testing::Polling polling;
  Loop loop(polling);
  loop.quit();
  loop.post([] { FAIL("ran after quit"); });
  loop.run();
  CHECK(polling.waits == 0);
}

TEST_CASE("timers run when they are due, the loop waits no longer than that", "[loop]") {
  testing::Polling polling;
  Loop loop(polling);
  const auto start = Clock::now();
  std::vector<int> order;
  Timer second(loop, [&] {
    order.push_back(2);
    loop.quit();
  });
  Timer first(loop, [&] { order.push_back(1); });
  Timer stopped(loop, [&] { order.push_back(0); });
  second.start(30ms);
  first.start(10ms);
  stopped.start(1ms);
  stopped.stop();
  CHECK(first.active());
  CHECK_FALSE(stopped.active());
  loop.run();
  CHECK(order == std::vector<int>{1, 2});
  CHECK(Clock::now() - start >= 30ms);
  CHECK(polling.last_timeout <= 30ms);
  CHECK_FALSE(first.active());
}

TEST_CASE("a timer that is started anew runs once, and may start itself", "[loop]") {
  testing::Polling polling;
  Loop loop(polling);
  int runs = 0;
  Timer timer(loop, [&] {
    if (++runs == 3) return loop.quit();
    timer.start(1ms);
  });
  timer.start(1h);
  timer.start(0ms);
  loop.run();
  CHECK(runs == 3);
}

TEST_CASE("a timer may destroy itself and others", "[loop]") {
  TestLoop test;
  std::unique_ptr<Timer> one;
  std::unique_ptr<Timer> two;
  int runs = 0;
  const auto callback = [&] {
    ++runs;
    one.reset();
    two.reset();
  };
  one = std::make_unique<Timer>(test.loop(), callback);
  two = std::make_unique<Timer>(test.loop(), callback);
  one->start(0ms);
  two->start(0ms);
  test.run_until([&] { return runs > 0; });
  test.turn();
  CHECK(runs == 1);
}

TEST_CASE("a callback that destroys its timer or watcher goes on with what it holds", "[loop]") {
  TestLoop test;
  Pipe pipe;
  std::unique_ptr<Timer> timer;
  std::unique_ptr<Watcher> watcher;
  const auto held = std::make_shared<std::string>("held");
  std::vector<std::string> seen;
  timer = std::make_unique<Timer>(test.loop(), [&, copy = held] {
    timer.reset();
    seen.push_back(*copy);
  });
  watcher = std::make_unique<Watcher>(test.loop(), pipe.read_end(), [&, copy = held] {
    watcher.reset();
    seen.push_back(*copy);
  });
  timer->start(0ms);
  REQUIRE(::write(pipe.write_end(), "x", 1) == 1);
  test.run_until([&] { return seen.size() == 2; });
  CHECK(seen == std::vector<std::string>{"held", "held"});
  CHECK(held.use_count() == 1);
}

TEST_CASE("a watcher is called while its descriptor is ready and it wants to know", "[loop]") {
  TestLoop test;
  Pipe pipe;
  int reads = 0;
  Watcher watcher(test.loop(), pipe.read_end(), [&] { ++reads; });
  test.turn();
  CHECK(reads == 0);
  REQUIRE(::write(pipe.write_end(), "x", 1) == 1);
  test.turn();
  const int after_one = reads;
  CHECK(after_one > 0);
  test.turn();
  CHECK(reads > after_one);  // the byte is still there
  watcher.want_read(false);
  const int before = reads;
  test.turn();
  CHECK(reads == before);
  watcher.want_read(true);
  char byte = 0;
  REQUIRE(::read(pipe.read_end(), &byte, 1) == 1);
  pipe.close_write();
  test.turn();
  CHECK(reads > before);  // the end of input is told too
}

TEST_CASE("a watcher for writing is called only when asked to", "[loop]") {
  TestLoop test;
  Pipe pipe;
  int writes = 0;
  Watcher watcher(test.loop(), pipe.write_end(), nullptr, [&] { ++writes; });
  test.turn();
  CHECK(writes == 0);
  watcher.want_write(true);
  test.turn();
  CHECK(writes > 0);
}

TEST_CASE("watchers may be destroyed and made in callbacks", "[loop]") {
  TestLoop test;
  Pipe one;
  Pipe two;
  REQUIRE(::write(one.write_end(), "x", 1) == 1);
  REQUIRE(::write(two.write_end(), "x", 1) == 1);
  std::unique_ptr<Watcher> first;
  std::unique_ptr<Watcher> second;
  std::unique_ptr<Watcher> third;
  int calls = 0;
  bool new_one_called = false;
  const auto callback = [&] {
    ++calls;
    third = std::make_unique<Watcher>(test.loop(), two.read_end(), [&] {
      new_one_called = true;
      third->want_read(false);
    });
    // Both: whichever comes first, the other is not called after its end.
    first.reset();
    second.reset();
  };
  first = std::make_unique<Watcher>(test.loop(), one.read_end(), callback);
  second = std::make_unique<Watcher>(test.loop(), two.read_end(), callback);
  test.run_until([&] { return new_one_called; });
  CHECK(calls == 1);
}

TEST_CASE("reads and writes tell done, would block and closed apart", "[loop]") {
  ignore_broken_pipes();
  Pipe pipe;
  set_nonblocking(pipe.read_end());
  set_nonblocking(pipe.write_end());
  std::array<char, 8> buffer{};
  std::size_t count = 9;
  CHECK(read_some(pipe.read_end(), buffer.data(), buffer.size(), count) == Transfer::kWouldBlock);
  CHECK(count == 0);
  CHECK(write_some(pipe.write_end(), "abc", count) == Transfer::kDone);
  CHECK(count == 3);
  CHECK(read_some(pipe.read_end(), buffer.data(), buffer.size(), count) == Transfer::kDone);
  CHECK(count == 3);
  const std::string much(1 << 20, 'x');
  CHECK(write_some(pipe.write_end(), much, count) == Transfer::kDone);
  CHECK(count < much.size());
  CHECK(write_some(pipe.write_end(), much, count) == Transfer::kWouldBlock);
  pipe.close_read();
  CHECK(write_some(pipe.write_end(), "x", count) == Transfer::kClosed);
  CHECK_FALSE(write_all(pipe.write_end(), "x"));
}

TEST_CASE("a child's output, errors and exit code come back", "[loop]") {
  TestLoop test;
  std::vector<ChildProcess::Result> results;
  const auto keep = [&](ChildProcess::Result result) { results.push_back(std::move(result)); };
  const auto child =
      ChildProcess::start(test.loop(), {"sh", "-c", "echo out; echo err >&2; exit 3"}, 20s, keep);
  REQUIRE(child);
  test.run_until([&] { return !results.empty(); });
  REQUIRE(results.size() == 1);
  CHECK(results[0].output == "out\n");
  CHECK(results[0].error_output == "err\n");
  CHECK(results[0].exit_code == 3);
  CHECK_FALSE(results[0].timed_out);
  CHECK_FALSE(ChildProcess::start(test.loop(), {"no-such-program-here"}, 20s, keep));
  CHECK_FALSE(ChildProcess::start(test.loop(), {}, 20s, keep));
}

TEST_CASE("a child reads nothing, prints 64 KiB at most and has a time limit", "[loop]") {
  TestLoop test;
  std::vector<ChildProcess::Result> results;
  const auto keep = [&](ChildProcess::Result result) { results.push_back(std::move(result)); };
  const auto reader = ChildProcess::start(test.loop(), {"cat"}, 20s, keep);
  test.run_until([&] { return results.size() == 1; });
  CHECK(results[0].output.empty());
  const auto talker =
      ChildProcess::start(test.loop(), {"sh", "-c", "head -c 200000 /dev/zero"}, 20s, keep);
  test.run_until([&] { return results.size() == 2; });
  CHECK(results[1].output.size() == 64 * 1024);
  // What the child started goes with it, although it holds the pipes open.
  const auto sleeper =
      ChildProcess::start(test.loop(), {"sh", "-c", "sleep 600 & sleep 600"}, 50ms, keep);
  test.run_until([&] { return results.size() == 3; });
  CHECK(results[2].timed_out);
  // It is told once, whichever of its ends is seen first: nothing is left that asks again.
  bool passed = false;
  Timer later(test.loop(), [&] { passed = true; });
  later.start(100ms);
  test.run_until([&] { return passed; });
  CHECK(results.size() == 3);
}

TEST_CASE("a child that leaves a process behind has ended all the same", "[loop]") {
  TestLoop test;
  std::vector<ChildProcess::Result> results;
  const auto keep = [&](ChildProcess::Result result) { results.push_back(std::move(result)); };
  const auto child = ChildProcess::start(
      test.loop(), {"sh", "-c", "sleep 600 & echo $!; echo before the end"}, 20s, keep);
  REQUIRE(child);
  test.run_until([&] { return !results.empty(); });
  CHECK_FALSE(results[0].timed_out);
  CHECK(results[0].exit_code == 0);
  CHECK(results[0].output.ends_with("\nbefore the end\n"));
  const pid_t left = std::stoi(results[0].output);
  CHECK(::kill(left, SIGKILL) == 0);  // it was left alone
}

TEST_CASE("a child has none of our descriptors", "[loop]") {
  TestLoop test;
  std::vector<ChildProcess::Result> results;
  const auto keep = [&](ChildProcess::Result result) { results.push_back(std::move(result)); };
  const Pipe pipe;
  // A number that no program chooses for itself.
  constexpr int kHigh = 200;
  REQUIRE(::dup2(pipe.read_end(), kHigh) == kHigh);
  const auto child = ChildProcess::start(
      test.loop(), {"sh", "-c", "for fd in /dev/fd/*; do echo ${fd##*/}; done"}, 20s, keep);
  REQUIRE(child);
  test.run_until([&] { return !results.empty(); });
  ::close(kHigh);
  CHECK(results[0].output.find("1\n") != std::string::npos);
  CHECK(results[0].output.find("200\n") == std::string::npos);
}

TEST_CASE("destroying a child ends it without a word", "[loop]") {
  TestLoop test;
  bool told = false;
  Pipe pipe;
  auto child = ChildProcess::start(test.loop(), {"sh", "-c", "sleep 600"}, 20s,
                                   [&](const ChildProcess::Result&) { told = true; });
  REQUIRE(child);
  child->reset();
  test.turn();
  CHECK_FALSE(told);
}

#if defined(__linux__)
TEST_CASE("nobody reads the memory of a process that hides it, and no core is dumped", "[loop]") {
  const int before = ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
  hide_memory();
  CHECK(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
  ::prctl(PR_SET_DUMPABLE, before, 0, 0, 0);
}
#endif

TEST_CASE("a signal comes as a callback from the loop", "[loop]") {
  TestLoop test;
  int interrupts = 0;
  {
    const Interrupts watching(test.loop(), [&](Interrupt) { ++interrupts; });
    for (const int number : {SIGINT, SIGTERM}) {
      const int before = interrupts;
      ::raise(number);
      CHECK(interrupts == before);
      test.run_until([&] { return interrupts > before; });
    }
  }
  CHECK(interrupts == 2);
}

}  // namespace
}  // namespace chatvim::loop
