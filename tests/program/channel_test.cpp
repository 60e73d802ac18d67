// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

using Seconds = std::chrono::duration<double>;

Seconds time_to_exit(Process& process, int code) {
  const auto start = std::chrono::steady_clock::now();
  CHECK(process.wait() == code);
  return std::chrono::steady_clock::now() - start;
}

}  // namespace

TEST_CASE("a Neovim that exits before the first message ends the program", "[channel]") {
  const Home home;
  // It starts after the reader of its output is gone; its input stays open.
  Command command =
      home.command({"-c", R"(trap '' PIPE; { while echo; do :; done 2>&-; exec "$0" serve; } | :)",
                    CHATVIM_PROGRAM});
  command.arguments[0] = "/bin/sh";
  Process process(command);
  CHECK(time_to_exit(process, 0) < Seconds(1));
}

TEST_CASE("a message with a missing or wrong field is answered with failed", "[channel]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"})}));
  Editor editor(home);
  const std::vector<std::pair<std::string, Json>> wrong = {
      {"complete", {{"text", "hi"}}},
      {"complete", {{"id", 1}}},
      {"complete", {{"id", "1"}, {"text", "hi"}}},
      {"complete", {{"id", 1.5}, {"text", "hi"}}},
      {"complete", {{"id", 1}, {"text", {"hi"}}}},
      {"complete", "hi"},
      {"complete", nullptr},
      {"stop", Json::object()},
      {"acknowledge", {{"id", true}, {"sequence", 1}}},
      {"request", {{"id", 1}}},
      {"messages", {{"text", ""}}},
      {"open", Json::object()},
  };
  for (const auto& [name, map] : wrong) {
    INFO(name << " " << map.dump());
    editor.send(name, map);
    const Json failed = editor.wait("failed");
    CHECK(failed.at("code") == "bad_message");
    CHECK_FALSE(failed.at("message").get<std::string>().empty());
    editor.sync();
    CHECK(editor.waiting().empty());
  }
  // Errors in the settings are reported for the answer.
  editor.send("complete", {{"id", 5}, {"text", "hi"}, {"settings", "loud"}});
  CHECK(editor.wait("ended", 5).at("outcome") == "error");
  editor.complete(6, "hi");
  CHECK(editor.take_answer(6).ended.at("outcome") == "done");
  CHECK(standin.requests().size() == 1);
}

TEST_CASE("msgpack that is not a message is skipped", "[channel]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"})}));
  Editor editor(home);
  for (const Json& value :
       {Json(7), Json("text"), Json::array(), Json::object(), Json(nullptr), Json::array({9, 9, 9}),
        Json::array({2}), Json::array({2, 3, 4}), Json::array({2, "complete"}),
        Json::array({2, "complete", 5}), Json::array({2, "complete", Json::object()}),
        Json::array({2, "complete", {{"id", 1}}}), Json::array({0, 1, "sync", 5}),
        Json::array({-1, "x", Json::array()}), Json::array({1, 1, nullptr, nullptr}),
        Json::array({2, "no_such_method", Json::array()})}) {
    editor.send_bytes(pack(value));
  }
  editor.sync();
  editor.complete(1, "hi");
  CHECK(editor.take_answer(1).ended.at("outcome") == "done");
}

TEST_CASE("random bytes do not end the program", "[channel]") {
  const Home home;
  home.configure(configuration("http://127.0.0.1:9/v1"));
  std::mt19937 random(20240501);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 5; ++round) {
    Editor editor(home);
    std::string garbage;
    for (int i = 0; i < 20'000; ++i) garbage += static_cast<char>(byte(random));
    editor.send_bytes(garbage);
    editor.process().end_input();
    const auto start = std::chrono::steady_clock::now();
    const int code = editor.process().wait();
    CHECK((code == 0 || code == 1));
    CHECK(Seconds(std::chrono::steady_clock::now() - start) < kLimit);
  }
}

TEST_CASE("bytes that are not msgpack end the program, which says why", "[channel]") {
  const Home home;
  const std::string large = pack({2, "part", {{{"text", std::string(9000, 'x')}}}});
  const std::pair<std::string, std::string> cases[] = {
      {"\xC1", "not msgpack"},                 // a byte that msgpack never uses
      {std::string(2000, '\x91'), "depth"},    // nested lists
      {"\xDD\xFF\xFF\xFF\xFF", "array size"},  // a list of 4 G items
  };
  int count = 0;
  for (const auto& [bytes, reason] : cases) {
    INFO(reason);
    const std::string name = "log-" + std::to_string(++count);
    Editor editor(home, {"--log", home.path(name)});
    editor.sync();
    // The first message needs a new buffer, and follows the invalid bytes.
    std::string all = bytes;
    for (int i = 0; i < 20; ++i) all += large;
    editor.process().write(all);
    CHECK(time_to_exit(editor.process(), 1) < kLimit);
    CHECK(home.read(name).find(reason) != std::string::npos);
  }
}

TEST_CASE("messages cut anywhere are understood", "[channel]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"})}));
  Editor editor(home);
  const std::string frame =
      pack({2, "complete", {{{"id", 1}, {"text", "hi"}, {"settings", Json::object()}}}});
  for (const char byte : frame) {
    editor.send_bytes(std::string(1, byte));
  }
  CHECK(editor.take_answer(1).ended.at("outcome") == "done");
}

TEST_CASE("a chat of 20 MB goes over the channel", "[channel]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"})}));
  std::string text;
  while (text.size() < 20'000'000) text += "a line of a long chat\n";
  text += "end";
  Editor editor(home);
  editor.complete(1, text);
  CHECK(editor.take_answer(1).ended.at("outcome") == "done");
  CHECK((Json::parse(standin.body(1)).at("messages").at(0).at("content") == text));
}

TEST_CASE("a plugin that stops reading for a while still gets everything", "[channel]") {
  const Home home;
  home.configure(configuration("http://127.0.0.1:9/v1"));
  Editor editor(home);
  const std::string text(400'000, 'x');
  constexpr int kMany = 20;
  for (int id = 1; id <= kMany; ++id) {
    editor.process().write(
        pack({2, "messages", {{{"id", id}, {"text", text}, {"settings", Json::object()}}}}));
  }
  editor.process().wait_until_sent();
  for (int id = 1; id <= kMany; ++id) {
    CHECK((editor.wait("result", id).at("value").at(0).at("content") == text));
  }
}

TEST_CASE("the program exits within a second after its input ends", "[channel]") {
  Standin standin;
  const Home home(standin);
  const auto limit = Seconds(1);
  {
    Editor idle(home);
    idle.sync();
    idle.process().close_input();
    CHECK(time_to_exit(idle.process(), 0) < limit);
  }
  {
    standin.script(
        Json::array({{{"steps", {{{"deltas", {{"count", 100'000}, {"per_second", 200}}}}}}}}));
    Editor streaming(home);
    streaming.complete(1, "hi");
    streaming.wait("update", 1);
    streaming.process().close_input();
    CHECK(time_to_exit(streaming.process(), 0) < limit);
    standin.requests("closed=1");
  }
  {
    home.configure(configuration(
        standin.base_url(),
        "api_key_command = [\"sh\", \"-c\", \"echo $$ > ~/pid; mv ~/pid ~/started; sleep 600\"]"));
    Editor looking(home);
    looking.complete(1, "hi");
    looking.process().wait_until([&] {
      looking.sync();
      return home.exists("started");
    });
    const pid_t child = std::stoi(home.read("started"));
    looking.process().close_input();
    CHECK(time_to_exit(looking.process(), 0) < limit);
    CHECK(::kill(child, 0) != 0);
  }
}

}  // namespace chatvim::testing
