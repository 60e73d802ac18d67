// SPDX-License-Identifier: Apache-2.0
// The program's memory during long answers. The longest of them run only in `make soak`.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "servers.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kFactor = 20;  // sanitizers use memory of their own
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr long kFactor = 20;
#else
constexpr long kFactor = 1;
#endif
#else
constexpr long kFactor = 1;
#endif

/// Returns a process's memory in KiB: "VmRSS", the current value, or "VmHWM", the peak; 0 if
/// unknown.
long memory_of(pid_t pid, const std::string& which) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(which + ":")) return std::stol(line.substr(which.size() + 1));
  }
  return 0;
}

/// Returns a piece of stream with `count` deltas of text.
std::string deltas(int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += R"(data: {"choices":[{"index":0,"delta":{"content":")" + text + "\"}}]}\n\n";
  return out;
}

/// Receives an answer as an editor does, and calls `look` at each update.
template <class Look>
std::size_t take(Editor& editor, int id, Look look) {
  std::size_t bytes = 0;
  for (;;) {
    editor.process().wait_until([&] {
      editor.sync();
      return editor.count("update", id) > 0 || editor.count("ended", id) > 0;
    });
    if (editor.count("update", id) == 0) return bytes;
    const Json update = editor.wait("update", id);
    for (const Json& line : update.at("lines")) bytes += line.get<std::string>().size() + 1;
    look(bytes);
    editor.send("acknowledge", {{"id", id}, {"sequence", update.at("sequence")}});
  }
}

}  // namespace

TEST_CASE("an answer of a GiB ends at its limit, and the program stays small", "[memory]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array(
      {{{"steps", {{{"send", deltas(256, std::string(4096, 'x'))}, {"times", 1024}}}}}}));
  Process process(home.command({"complete", "hi"}));
  process.end_input();
  process.end_input();
  long most = 0;
  std::size_t bytes = 0;
  process.wait_until([&] {
    most = std::max(most, memory_of(process.pid(), "VmHWM"));
    bytes += process.output().size();
    process.output().clear();
    return process.has_ended();
  });
  CHECK(process.wait() == 1);
  CHECK(process.errors().find("longer than 64 MiB") != std::string::npos);
  CHECK(bytes >= 64U * 1024 * 1024);
  CHECK(bytes < 66U * 1024 * 1024);
  CHECK(most < 48 * 1024 * kFactor);
  fmt::print("memory: {} MiB of answer, the program at most {:.1f} MB\n", bytes / (1024 * 1024),
             static_cast<double>(most) / 1024);
}

TEST_CASE("memory is kept while the program is in use and released afterwards", "[memory]") {
  Standin standin;
  const Home home(standin);
  Json reply = answer({"Hello"});
  reply["repeat"] = true;
  standin.script(Json::array({reply}));
  const std::string text(8 * 1024 * 1024, 'x');
  const auto send = [&text](Editor& editor, int id) {
    editor.complete(id, id == 1 ? "hi" : text);
    REQUIRE(editor.take_answer(id).ended.at("outcome") == "done");
    editor.sync();
    return memory_of(editor.process().pid(), "VmRSS");
  };
  {
    Editor editor(home);
    const long idle = send(editor, 1);
    CHECK(send(editor, 2) > idle + 8 * 1024);
  }
  Editor editor(home, {"--keep-memory", "0.1"});
  const long idle = send(editor, 1);
  send(editor, 2);
  long now = 0;
  editor.process().wait_until([&] {
    now = memory_of(editor.process().pid(), "VmRSS");
    return now < (idle + 1024) * kFactor;
  });
  fmt::print("memory: {:.1f} MB idle, {:.1f} MB when that of a chat of 8 MB was given back\n",
             static_cast<double>(idle) / 1024, static_cast<double>(now) / 1024);
}

TEST_CASE("a stream of 100 MB does not make the program grow", "[.soak]") {
  Standin standin;
  const Home home(standin);
  // Deltas of a word and a space, as models send them, a megabyte of stream at a time.
  const std::string piece = deltas(17'000, "word ");
  const int times = static_cast<int>(100'000'000 / piece.size()) + 1;
  standin.script(
      Json::array({{{"steps", {{{"send", piece}, {"times", times}}, {{"finish", "stop"}}}}}}));
  Editor editor(home);
  editor.send("complete", {{"id", 1},
                           {"text", "hi"},
                           {"settings", Json::object()},
                           {"journal", home.path("chat.journal")},
                           {"file", home.path("chat.md")}});
  const std::size_t whole = static_cast<std::size_t>(times) * 17'000 * 5;
  const pid_t pid = editor.process().pid();
  long warm = 0;
  long most = 0;
  const std::size_t bytes = take(editor, 1, [&](std::size_t so_far) {
    const long now = memory_of(pid, "VmRSS");
    if (so_far < whole / 5) warm = std::max(warm, now);
    most = std::max(most, now);
  });
  CHECK(editor.wait("ended", 1).at("outcome") == "done");
  editor.sync();
  const long after = memory_of(pid, "VmRSS");
  fmt::print(
      "memory: {} MB of stream, {} MB of text: {:.1f} MB after a fifth, {:.1f} MB at most, {:.1f} "
      "MB at the end\n",
      times * piece.size() / 1'000'000, bytes / 1'000'000, static_cast<double>(warm) / 1024,
      static_cast<double>(most) / 1024, static_cast<double>(after) / 1024);
  // Text that has arrived but is not yet in the editor may be buffered in the program.
  CHECK(most < (warm + 24 * 1024) * kFactor);
  CHECK(after < (warm + 4 * 1024) * kFactor);
}

TEST_CASE("valgrind finds no error and no leak in a long stream", "[.soak]") {
  need({"valgrind"});
  Standin standin;
  const Home home(standin);
  const std::string piece = deltas(1000, "word ");
  standin.script(
      Json::array({{{"steps", {{{"send", piece}, {"times", 100}}, {{"finish", "stop"}}}}}}));
  Command command = home.command({"complete", "hi"});
  command.arguments.insert(command.arguments.begin(),
                           {path_of("valgrind"), "--quiet", "--leak-check=full",
                            "--errors-for-leak-kinds=definite", "--error-exitcode=9"});
  Process process(command);
  process.end_input();
  const int code = process.wait(std::chrono::minutes{5});
  INFO(process.errors());
  CHECK(code == 0);
  CHECK(process.output().size() == 500'000);
  fmt::print("valgrind: {} MB of stream, no error and nothing lost\n",
             100 * piece.size() / 1'000'000);
}

TEST_CASE("500 files of one byte, embedded six times, need little memory", "[memory]") {
  const Home home;
  home.configure(configuration("http://127.0.0.1:9/v1"));
  std::filesystem::create_directories(home.path("project/src"));
  for (int i = 0; i < 500; ++i) home.file(fmt::format("project/src/f{}.txt", i), "x");
  std::string text;
  for (int i = 0; i < 6; ++i) text += "![](src)\n\n";
  Editor editor(home);
  editor.sync();
  editor.send("embeds", {{"id", 1},
                         {"text", text},
                         {"settings", Json::object()},
                         {"file", home.path("project/chat.md")},
                         {"folder", home.path("project")}});
  const Json items = editor.wait("result", 1).at("value").at("items");
  REQUIRE(items.size() == 6);
  CHECK(items.at(5).at("files") == 500);
  CHECK(memory_of(editor.process().pid(), "VmHWM") < 30 * 1024 * kFactor);
}

TEST_CASE("a thousand answers do not make the program grow", "[.soak]") {
  Standin standin;
  const Home home(standin);
  Json reply = answer({"Hello ", "you ", "there"});
  reply["repeat"] = true;
  standin.script(Json::array({reply}));
  Editor editor(home);
  long warm = 0;
  for (int id = 1; id <= 1000; ++id) {
    editor.complete(id, "hi");
    REQUIRE(editor.take_answer(id).ended.at("outcome") == "done");
    if (id == 200) warm = memory_of(editor.process().pid(), "VmRSS");
  }
  const long after = memory_of(editor.process().pid(), "VmRSS");
  fmt::print("memory: {:.1f} MB after 200 answers, {:.1f} MB after 1000\n",
             static_cast<double>(warm) / 1024, static_cast<double>(after) / 1024);
  CHECK(after < (warm + 1024) * kFactor);
}

}  // namespace chatvim::testing
