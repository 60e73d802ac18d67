// SPDX-License-Identifier: Apache-2.0
// However the program ends, with whatever servers of tools: none of their processes is left.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "../marked.hpp"
#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"
#include "tool_replies.hpp"

namespace chatvim::testing::tool_processes_test {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::array kServers = {"",
                                 ", \"--ignores-term\"",
                                 ", \"--grandchildren\"",
                                 ", \"--ignores-term\", \"--grandchildren\"",
                                 ", \"--never-answers\", \"--grandchildren\"",
                                 ", \"--talks-first\", \"--kind=modern\""};
constexpr std::array kSignals = {SIGKILL, SIGTERM, SIGINT};

/// Returns the number of runs of the program; CHATVIM_TOOL_ENDS sets another.
int run_count() {
  const char* const count = std::getenv("CHATVIM_TOOL_ENDS");
  return count != nullptr ? std::atoi(count) : 24;
}

std::string mark() { return fmt::format("ends-{}-", ::getpid()); }

/// A home folder for each kind of server.
std::vector<std::unique_ptr<Home>> homes(const Standin& standin) {
  std::vector<std::unique_ptr<Home>> all;
  for (const char* arguments : kServers) {
    all.push_back(std::make_unique<Home>());
    all.back()->configure(configuration(
        standin.base_url(),
        demo_server(arguments, fmt::format("env = {{ CHATVIM_MARK = \"{}\" }}", mark()))));
    all.back()->set("CHATVIM_MARK", mark());
    all.back()->file("chat.md", "+++\ntools = [\"demo\"]\n+++\n\nGo.\n");
  }
  return all;
}

/// Waits until no process with the mark is left. Returns how long that took.
milliseconds wait_until_gone() {
  const auto began = Clock::now();
  while (count_marked(mark()) > 0) {
    if (Clock::now() - began > std::chrono::seconds(10)) {
      throw std::runtime_error("processes of servers are left");
    }
  }
  return std::chrono::duration_cast<milliseconds>(Clock::now() - began);
}

}  // namespace

TEST_CASE("tools: the program may end at any moment, and leaves no process", "[tools][ends]") {
  constexpr int kAtOnce = 6;
  Standin standin;
  // One call is answered, the other never ends.
  Json reply = calls({{"c1", "demo__echo", "{\"text\":\"hi\"}"}, {"c2", "demo__wait", "{}"}});
  reply["repeat"] = true;
  standin.script(Json::array({reply}));
  const auto all = homes(standin);
  const auto seed = std::random_device()();
  std::mt19937 random(seed);
  INFO("seed " << seed);
  milliseconds longest{0};
  int most = 0;
  for (int done = 0; done < run_count(); done += kAtOnce) {
    std::vector<std::unique_ptr<Process>> runs;
    for (int i = 0; i < kAtOnce; ++i) {
      runs.push_back(std::make_unique<Process>(all[static_cast<std::size_t>(i)]->command(
          {"complete", "--allow-tool", "demo.*", "--file", "chat.md"})));
      runs.back()->close_input();
    }
    for (auto& run : runs) {
      const auto moment = Clock::now() + milliseconds(random() % 100);
      run->wait_until([&] { return Clock::now() >= moment || run->has_ended(); });
      most = std::max(most, count_marked(mark()));
      run->signal(kSignals[random() % kSignals.size()]);
    }
    for (auto& run : runs) run->wait_until([&] { return run->has_ended(); });
    longest = std::max(longest, wait_until_gone());
  }
  CHECK(most > kAtOnce);
  // A second, and what a busy machine adds.
  CHECK(longest < milliseconds(3000));
  std::printf(
      "%d ends of the program, %zu requests, up to %d processes at once: the last was gone "
      "after %d ms\n",
      run_count(), standin.requests("bodies=0").size(), most, static_cast<int>(longest.count()));
}

TEST_CASE("tools: an editor that ends during calls leaves no process", "[tools]") {
  Standin standin;
  const auto all = homes(standin);
  for (const auto& home : {all[0].get(), all[3].get()}) {
    for (const bool is_killed : {false, true}) {
      const Called waiting = {"c1", "demo__wait", "{\"file\":\"" + home->path("began") + "\"}"};
      standin.script(Json::array({calls({waiting})}));
      Editor editor(*home);
      editor.send(
          "complete",
          {{"id", 1}, {"text", home->read("chat.md")}, {"folder", home->path("")}, {"asks", true}});
      for (int i = 0; i < 2; ++i) {
        const Json question = editor.wait("question", 1);
        editor.send(
            "decide",
            {{"id", 1}, {"number", question.at("number")}, {"decision", "once"}, {"reason", ""}});
      }
      editor.process().wait_until([&] { return home->exists("began"); });
      CHECK(count_marked(mark()) > 1);
      if (is_killed) {
        editor.process().signal(SIGKILL);
      } else {
        editor.process().close_input();  // as when Neovim ends
      }
      editor.process().wait_until([&] { return editor.process().has_ended(); });
      CHECK(wait_until_gone() < milliseconds(3000));
      std::filesystem::remove(home->path("began"));
    }
  }
}

}  // namespace chatvim::testing::tool_processes_test
