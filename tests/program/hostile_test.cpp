// SPDX-License-Identifier: Apache-2.0
// Untrusted text that would control a terminal or disguise itself: in answers, errors, names of
// files and models, on a terminal and in a pipe.
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

/// Sets the clipboard of many terminals, and contains a C1 control, direction overrides and
/// isolates, and a carriage return.
const std::string kHostile =
    "a\x1b]52;c;aGk=\x07"
    "b\xC2\x9B"
    "31mc\xE2\x80\xAE"
    "d\xE2\x81\xA6"
    "e\rf\x7Fg";

/// Sequences that must never be shown.
const std::array<std::string, 7> kForbidden = {"\x1b",         "\x07", "\xC2\x9B", "\xE2\x80\xAE",
                                               "\xE2\x81\xA6", "\x7F", "\r"};

void check_harmless(const std::string& where, std::string text) {
  INFO(where << ": " << text);
  for (const auto& part : kForbidden) CHECK(text.find(part) == std::string::npos);
}

/// Returns what the program writes to standard output if that is a terminal; standard error is not
/// one.
std::string on_terminal(const Home& home, const std::vector<std::string>& arguments) {
  const Command command = home.command(arguments);
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  std::vector<const char*> envp;
  for (const auto& one : variables) envp.push_back(one.c_str());
  envp.push_back(nullptr);
  std::vector<const char*> argv;
  for (const auto& one : command.arguments) argv.push_back(one.c_str());
  argv.push_back(nullptr);
  int master = -1;
  const pid_t pid = ::forkpty(&master, nullptr, nullptr, nullptr);
  REQUIRE(pid >= 0);
  if (pid == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY);
    if (::dup2(nowhere, STDERR_FILENO) >= 0 && ::chdir(command.folder.c_str()) == 0) {
      ::execve(argv[0], const_cast<char**>(argv.data()), const_cast<char**>(envp.data()));
    }
    ::_exit(127);
  }
  std::string out;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t count = ::read(master, buffer.data(), buffer.size());
    if (count <= 0) break;
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::waitpid(pid, nullptr, 0);
  ::close(master);
  // Remove the carriage returns that the terminal adds.
  for (std::size_t at = 0; (at = out.find("\r\n", at)) != std::string::npos;) out.erase(at, 1);
  return out;
}

}  // namespace

TEST_CASE("hostile: a pipe gets an answer's bytes, a terminal no control sequences", "[hostile]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({kHostile})}));
  CHECK(home.run({"complete", "hi"}).out == printed(kHostile));
  // Cuts escape sequences and characters.
  Json deltas = Json::array();
  for (const char* piece : {"a\x1b", "]52;c;aGk=",
                            "\x07"
                            "b\n",
                            "\xD7\xA9\xE2\x80\x8F!"})
    deltas.push_back(piece);
  standin.script(Json::array({answer({kHostile}), answer(deltas.get<std::vector<std::string>>())}));
  const std::string shown = on_terminal(home, {"complete", "hi"});
  check_harmless("the terminal", shown);
  CHECK(shown.find("a\xEF\xBF\xBD]52;c;aGk=\xEF\xBF\xBD"
                   "b\xEF\xBF\xBD"
                   "31mc") != std::string::npos);
  // Right-to-left text is unchanged.
  const std::string cut = on_terminal(home, {"complete", "hi"});
  CHECK(cut.find("a\xEF\xBF\xBD]52;c;aGk=\xEF\xBF\xBD"
                 "b\n\xD7\xA9\xE2\x80\x8F!") != std::string::npos);
}

TEST_CASE("hostile: servers' messages are shown without control sequences", "[hostile]") {
  Standin standin;
  const Home home(standin);
  const std::string json = Json{{"error", {{"message", kHostile}, {"code", kHostile}}}}.dump();
  const std::vector<Json> replies = {
      {{"status", 400}, {"headers", {{"Content-Type", "application/json"}}}, {"body", json}},
      {{"status", 400}, {"body", kHostile}},
      {{"status", 400}, {"body", "<title>" + kHostile + "</title>"}},
      {{"status", 400},
       {"reason",
        "b\xC2\x9B"
        "31m\x1b[31m"},
       {"body", ""}},
      {{"status", 302}, {"headers", {{"Location", "http://b\xC2\x9B.x\xE2\x80\xAE.test/"}}}},
      {{"framing", "chunked"}, {"steps", {{{"send", "data: " + json + "\n\n"}}}}},
      {{"framing", "chunked"}, {"steps", {{{"send", "data: {" + kHostile + "\n\n"}}}}},
      {{"body", "{\"a\": \"" + kHostile + "\""}},
      answer({"x"}, kHostile),
      answer({""}, kHostile),
      {{"framing", "raw"}, {"steps", {{{"send", kHostile + "\r\n\r\n"}}}}},
  };
  for (const Json& reply : replies) {
    INFO(reply.dump());
    standin.script(Json::array({reply, reply}));
    const Run run = home.run({"complete", "hi"});
    CHECK(run.code != 0);
    CHECK(run.err.starts_with("chatvim: standin"));
    check_harmless("standard error", run.err);
    Editor editor(home, {"--log", home.path("log")});
    editor.complete(1, "hi");
    const Json ended = editor.take_answer(1).ended;
    check_harmless("the message", ended.at("message").get<std::string>());
    check_harmless("the log", home.read("log"));
  }
}

TEST_CASE("hostile: disguised names are made visible", "[hostile]") {
  Standin standin;
  const Home home(standin);
  // File names may contain anything but a slash and a NUL.
  const std::string name = "b\x1b[31m\xC2\x9B\xE2\x80\xAEtxt.\rexe\x7F";
  namespace fs = std::filesystem;
  const auto check = [&](const Run& run, const std::string& part) {
    INFO(run.err);
    CHECK(run.code != 0);
    check_harmless("standard error", run.err);
    CHECK(run.err.find(part) != std::string::npos);
  };
  home.file(name, std::string("a\0b", 3));
  fs::create_directories(home.path("folder"));
  home.file("folder/" + name, "text");
  fs::permissions(home.path("folder/" + name), fs::perms::none);
  const std::string shown = "b?[31m??txt. exe?";
  check(home.run({"complete", "--file", home.path(name)}), shown);
  check(home.run({"complete", "--file", home.path(name) + "x"}), shown);
  check(home.run({"complete", name, name}), "b");
  check(home.run({"complete"}, "![](" + name.substr(0, name.find('\r')) + ")"), "b?[31m??txt.");
  check(home.run({"complete"},
                 "+++\nmodel = \"" + std::string("x\\u001b[31m\\u009b\\u202e") + "\"\n+++\nhi"),
        "model must be one line without control characters");
  check(home.run({"complete"}, "---\nmodel: \"x\\u001b[31m\\u009b\\u202e/y\"\n---\nhi"),
        "model must be one line without control characters");
  check(home.run({"complete"},
                 "+++\n\"modle\\u001b\\u202e\" = 1\ntemperature = \"\\u001b\"\n+++\nhi"),
        "temperature");
  check(home.run({"complete", "--set", "preset=" + name, "hi"}), "b");
  check(home.run({"complete", "--model", name, "hi"}), "control characters");
  check(home.run({"complete", "--model", "x\xE2\x80\xAEy", "hi"}), "x?y");
  check(home.run({"log", "hi", "--file", home.path("no-folder/" + name)}), shown);
  home.file("key.sh", "#!/bin/sh\necho '" + kHostile + "' >&2\nexit 1\n");
  fs::permissions(home.path("key.sh"), fs::perms::owner_all);
  home.configure(configuration(standin.base_url(), "api_key_command = [\"~/key.sh\"]"));
  check(home.run({"complete", "hi"}), "exit code 1");
  home.configure(
      "+++\nmodel = \"standin/m\"\n[providers.standin]\nbase_url = "
      "\"http://x\\u001b[31m/\"\n+++\n");
  check(home.run({"complete", "hi"}), "must be an address");
}

TEST_CASE("hostile: lists of models are shown without control sequences", "[hostile]") {
  Standin standin;
  const Home home(standin);
  const Json list = {{"data", {{{"id", kHostile}}}}};
  standin.script(Json::array({{{"match", {{"method", "GET"}}}, {"json", list}, {"repeat", true}}}));
  const Run run = home.run({"models", "--remote", "standin"});
  CHECK(run.code == 0);
  check_harmless("the table", run.out);
  CHECK(run.out.find("a?]52;c;aGk=?b?31mc") != std::string::npos);
  const Run json = home.run({"models", "--remote", "standin", "--json"});
  CHECK(Json::parse(json.out).at("models").at(0).at("name") == kHostile);
}

TEST_CASE("hostile: a file gets the answer's text, NUL and line breaks by its format",
          "[hostile]") {
  Standin standin;
  const Home home(standin);
  standin.script(
      Json::array({answer({"\x1b[31m\xC2\x9B\xE2\x80\xAE"
                           "a\rb\r\nc" +
                           std::string(1, '\0') + "d"})}));
  home.file("chat.md", "hi\n");
  CHECK(home.run({"complete", "--write", "--file", home.path("chat.md")}).code == 0);
  CHECK(home.read("chat.md") ==
        "hi\n\n# === ASSISTANT ===\n\n\x1b[31m\xC2\x9B\xE2\x80\xAE"
        "a\nb\nc\xE2\x90\x80"
        "d\n\n# === USER ===\n\n\n");
}

}  // namespace chatvim::testing
