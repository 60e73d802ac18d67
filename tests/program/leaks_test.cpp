// SPDX-License-Identifier: Apache-2.0
// No key leaks (B29): a unique key from each source goes through every outcome, and then everything
// that the program emitted is searched for it.
#include <fmt/format.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing::leaks_test {

namespace {

namespace fs = std::filesystem;

// The first part is long enough to be searched for separately, because truncated text may contain
// half a key.
const std::string kKey = "sentinel-key-5f2c-9b7e41d8-the-end";
const std::string kBeginning = kKey.substr(0, 16);

/// A source of a key: the lines for the provider's table, and a function that prepares it.
struct Source {
  std::string name;
  std::string lines;
  std::function<void(Home&)> prepare;
};

/// Writes a command that prints the key and records what it can see of its own process and of ours.
void write_command(Home& home) {
  const std::string path = home.file("key.sh",
                                     "#!/bin/sh\n"
                                     "{ env; tr '\\0' ' ' < /proc/$$/cmdline; "
                                     "tr '\\0' ' ' < /proc/$PPID/cmdline; } >> \"$HOME/seen\"\n"
                                     "tail -n 1 \"$HOME/key\"\n");
  fs::permissions(path, fs::perms::owner_all);
}

/// Writes what `chatvim keys set` leaves in the state folder.
void store(Home& home, const std::string& place, const Json& values) {
  const std::string folder = ".local/state/chatvim/";
  fs::create_directories(home.path(folder));
  home.file(folder + "keys.json", Json{{"standin", place}}.dump());
  home.file(folder + "key-values.json", values.dump());
}

const std::array kSources = {
    Source{"variable", "api_key_env = \"MY_KEY\"", [](Home& home) { home.set("MY_KEY", kKey); }},
    Source{"command", "api_key_command = [\"~/key.sh\"]",
           [](Home& home) {
             home.file("key", kKey + "\n");
             write_command(home);
           }},
    Source{"file", "api_key_file = \"~/key\"", [](Home& home) { home.file("key", kKey + "\n"); }},
    Source{"stored", "api_key_env = \"NOT_SET\"",
           [](Home& home) {
             store(home, "file", Json{{"standin", kKey}});
           }},
    Source{"keyring", "api_key_env = \"NOT_SET\"",
           [](Home& home) {
             home.file("key", kKey + "\n");
             const std::string path = home.file("secret-tool", "#!/bin/sh\ncat \"$HOME/key\"\n");
             fs::permissions(path, fs::perms::owner_all);
             home.set("PATH", home.path("") + ":/usr/bin:/bin");
             store(home, "keyring", Json::object());
           }},
    Source{"header", "headers = { X-Api-Key = \"" + kKey + "\" }", [](Home&) {}},
};

/// An outcome, given as the server's reply. Without a reply, nothing listens or the server stays
/// silent.
struct Scene {
  std::string name;
  Json reply;
  std::string base_url = {};  ///< empty: the stand-in's
  std::string more = {};
};

Json failure(int status, const std::string& type, const std::string& body) {
  return {{"repeat", true},
          {"status", status},
          {"headers", {{"Content-Type", type}, {"retry-after-ms", 1}}},
          {"body", body}};
}

Json stream(const std::string& bytes) {
  return {{"repeat", true}, {"framing", "chunked"}, {"steps", {{{"send", bytes}}}}};
}

std::string delta(const std::string& text) {
  return "data: " + Json{{"choices", {{{"index", 0}, {"delta", {{"content", text}}}}}}}.dump() +
         "\n\n";
}

/// Returns servers that repeat the request they received, in every place that the program reads.
std::vector<Scene> scenes(const Standin& tls) {
  const std::string words = "Incorrect API key provided: Bearer " + kKey + ".";
  const std::string json = Json{{"error", {{"message", words}, {"code", kKey}}}}.dump();
  std::vector<Scene> all;
  for (const int status : {400, 401, 402, 403, 404, 407, 413, 422, 429, 500, 503, 529}) {
    all.push_back({fmt::format("{}", status), failure(status, "application/json", json)});
  }
  const std::string filler(1990, 'x');
  const std::vector<Scene> others = {
      {"401 text", failure(401, "text/plain", words)},
      {"401 page", failure(401, "text/html", "<title>" + words + "</title>")},
      {"401 cut", failure(401, "text/plain", filler + words + words)},
      {"401 other JSON", failure(401, "application/json", R"({"what":")" + kKey + R"("})")},
      {"done", stream(delta("x") + "data: [DONE]\n\n")},
      {"error before text", stream("data: " + json + "\n\n")},
      {"error after text", stream(delta("x") + "data: " + json + "\n\n")},
      {"no JSON", stream("data: {" + std::string(90, ' ') + kKey + "\n\n")},
      {"whole, no message", failure(200, "application/json", R"({"key":")" + kKey + R"("})")},
      {"page", failure(200, "text/html", "<title>" + kKey + "</title>")},
      {"finish reason",
       stream(delta("x") + R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":")" + kKey +
              "\"}]}\n\ndata: [DONE]\n\n")},
      {"empty, finish reason",
       stream(R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":")" + kKey +
              "\"}]}\n\ndata: [DONE]\n\n")},
      {"cut", stream(delta("x"))},
      {"reset",
       {{"repeat", true}, {"steps", {{{"deltas", {{"text", {"x"}}}}}, {{"reset", true}}}}}},
      {"redirect",
       {{"repeat", true},
        {"status", 302},
        {"headers", {{"Location", "http://me:" + kKey + "@other.test/x?key=" + kKey}}}}},
      {"silence", {{"repeat", true}, {"steps", {{{"hang", true}}}}}, "", "idle_timeout = 0.05"},
      {"refused", nullptr, "http://127.0.0.1:1/v1"},
      {"refused, address with a password", nullptr, "http://me:" + kKey + "@127.0.0.1:1/v1"},
      {"refused, address with a key", nullptr, "http://127.0.0.1:1/v1?key=" + kKey},
      {"not found, address with a key", failure(404, "text/plain", "no"), "?key=" + kKey},
      {"unknown host", nullptr, "http://chatvim.invalid/v1"},
      {"bad address", nullptr, "me:" + kKey + "@host"},
      {"unknown CA", nullptr, "https://127.0.0.1:" + tls.port() + "/v1"},
      {"proxy refused", nullptr, "http://other.test/v1",
       "proxy = \"http://me:" + kKey + "@127.0.0.1:1\""},
  };
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

/// Searches visible text for the key.
void look(const std::string& where, const std::string& text) {
  INFO(where);
  const auto at = text.find(kBeginning);
  CHECK(at == std::string::npos);
  if (at != std::string::npos) WARN(text.substr(at > 200 ? at - 200 : 0, 400));
}

/// Searches every file in the home folder, except those that the test wrote.
void look_at_files(const Home& home) {
  for (const auto& entry : fs::recursive_directory_iterator(home.path(""))) {
    const std::string name = fs::relative(entry.path(), home.path("")).string();
    if (!entry.is_regular_file() || name == "key" || name == "config/chatvim/config.md" ||
        name == "embedded" || name == ".local/state/chatvim/key-values.json") {
      continue;
    }
    look(name, home.read(name));
    look("a name", name);
  }
}

void configure(const Home& home, const Source& source, const Scene& scene, const Standin& standin) {
  const bool own = scene.base_url.empty() || scene.base_url.front() == '?';
  const std::string url = own ? standin.base_url() + scene.base_url : scene.base_url;
  home.configure(configuration(url, source.lines + "\n" + scene.more));
}

void look(const Run& run) {
  look("standard output", run.out);
  look("standard error", run.err);
}

}  // namespace

TEST_CASE("leaks: the command line shows no key in any outcome", "[leaks]") {
  Standin standin;
  const Standin tls({"--tls"});
  for (const Source& source : kSources) {
    for (const Scene& scene : scenes(tls)) {
      // All sources with all scenes are tested below; this test is about the command line's output.
      if (source.name != "variable" && !scene.name.starts_with("401")) continue;
      INFO(source.name << ": " << scene.name);
      Home home;
      source.prepare(home);
      configure(home, source, scene, standin);
      standin.script(scene.reply.is_null() ? Json::array() : Json::array({scene.reply}));
      look(home.run({"complete", "--json", "hi"}));
      look(home.run({"request", "hi"}));
      look(home.run({"log", "hi"}));
      look(home.run({"models", "--remote", "standin"}));
      look(home.run({"providers", "--json"}));
      look(home.run({"providers"}));
      look_at_files(home);
    }
  }
}

TEST_CASE("leaks: the channel and the log contain no key in any outcome", "[leaks]") {
  Standin standin;
  const Standin tls({"--tls"});
  for (const Source& source : kSources) {
    for (const Scene& scene : scenes(tls)) {
      INFO(source.name << ": " << scene.name);
      Home home;
      source.prepare(home);
      configure(home, source, scene, standin);
      standin.script(scene.reply.is_null() ? Json::array() : Json::array({scene.reply}));
      Editor editor(home, {"--log", home.path("log")});
      editor.send("complete", {{"id", 1},
                               {"text", "hi"},
                               {"settings", Json::object()},
                               {"journal", home.path("a.journal")}});
      editor.take_answer(1);
      editor.send("request", {{"id", 2}, {"text", "hi"}, {"settings", Json::object()}});
      editor.wait("result", 2);
      editor.sync();
      look("the channel", editor.received());
      look_at_files(home);
    }
  }
}

TEST_CASE("leaks: a retry and a stop show no key", "[leaks]") {
  Standin standin;
  Home home;
  home.set("MY_KEY", kKey);
  home.configure(configuration(standin.base_url(), "api_key_env = \"MY_KEY\""));
  standin.script(Json::array({{{"repeat", true},
                               {"status", 503},
                               {"headers", {{"retry-after", 30}}},
                               {"body", "busy, " + kKey}}}));
  Process process(home.command({"complete", "hi"}));
  process.end_input();
  process.wait_until([&] { return process.errors().find("again") != std::string::npos; });
  process.signal(SIGINT);
  CHECK(process.wait() == 130);
  look("standard error", process.errors());
}

TEST_CASE("leaks: a key in embedded text is reported but not shown", "[leaks]") {
  Standin standin;
  for (const Source& source : kSources) {
    INFO(source.name);
    Home home;
    source.prepare(home);
    home.configure(configuration(standin.base_url(), source.lines));
    home.file("embedded", "a\nkey = " + kKey + "\n");
    home.file("chat.md", "![](embedded)\n");
    standin.script(Json::array({answer({"a"})}));
    Editor editor(home, {"--log", home.path("log")});
    // The key from a command is known from the first answer on.
    editor.complete(1, "hi");
    editor.take_answer(1);
    editor.send("complete", {{"id", 2},
                             {"text", "![](embedded)"},
                             {"settings", Json::object()},
                             {"allow", Json::array({home.path("embedded")})},
                             {"file", home.path("chat.md")}});
    const Json ended = editor.wait("ended", 2);
    CHECK(ended.at("code") == "secret");
    editor.sync();
    look("the channel", editor.received());
    if (source.name != "command" && source.name != "keyring")
      look(home.run({"request", "--file", home.path("chat.md"), "--allow", home.path("embedded")}));
    look_at_files(home);
  }
}

TEST_CASE("leaks: a key command gets no other key, and its output is redacted", "[leaks]") {
  Standin standin;
  Home home;
  home.file("key", "another-key-0123456789\n");
  write_command(home);
  // Keys of built-in providers and of the configuration's.
  home.set("OPENAI_API_KEY", kKey);
  home.set("ANTHROPIC_API_KEY", kKey);
  home.set("ELSEWHERE", kKey);
  home.set("MINE", "stays");
  home.configure(configuration(standin.base_url(),
                               "api_key_command = [\"~/key.sh\"]\n"
                               "[providers.other]\nbase_url = \"http://127.0.0.1:1\"\n"
                               "api_key_env = \"ELSEWHERE\""));
  standin.script(Json::array({answer({"a"})}));
  CHECK(home.run({"complete", "hi"}).code == 0);
  CHECK(header(standin.requests().at(0), "authorization") == "Bearer another-key-0123456789");
  CHECK(home.read("seen").find("MINE=stays") != std::string::npos);
  look("the command's environment", home.read("seen"));

  home.file("key.sh", "#!/bin/sh\nset -x\necho " + kKey + "\nexit 3\n");
  const Run run = home.run({"complete", "hi"});
  CHECK(run.err.find("exit code 3") != std::string::npos);
  look(run);
}

TEST_CASE("leaks: a killed program leaves no key behind", "[leaks]") {
  Standin standin;
  for (const Source& source : kSources) {
    Home home;
    source.prepare(home);
    home.configure(configuration(standin.base_url(), source.lines));
    standin.script(Json::array({answer_with_gate({"x"}, "go")}));
    Editor editor(home, {"--log", home.path("log")});
    editor.send("complete", {{"id", 1},
                             {"text", "hi"},
                             {"settings", Json::object()},
                             {"journal", home.path("a.journal")}});
    editor.wait("update", 1);
    editor.process().signal(SIGKILL);
    CHECK(editor.process().wait() == 128 + SIGKILL);
    look("the channel", editor.received());
    look("standard error", editor.process().errors());
    look_at_files(home);
  }
}

TEST_CASE("leaks: the search finds a leaked key", "[leaks]") {
  // With the same server and the same search, text that is not this provider's key must be found.
  Standin standin;
  const Home home;
  home.configure(configuration(standin.base_url()));
  standin.script(Json::array({failure(401, "text/plain", "Wrong: " + kKey)}));
  const Run run = home.run({"complete", "--json", "hi"});
  CHECK(run.out.find(kKey) != std::string::npos);
  CHECK(run.err.find(kKey) != std::string::npos);
  Editor editor(home, {"--log", home.path("log")});
  editor.complete(1, "hi");
  editor.take_answer(1);
  CHECK(editor.received().find(kKey) != std::string::npos);
  editor.send(kKey, Json::object());
  editor.sync();
  CHECK(home.read("log").find(kKey) != std::string::npos);
}

TEST_CASE("leaks: the log contains no text of chats, answers or embeds", "[leaks]") {
  Standin standin;
  const Home home(standin);
  const std::string text = "a sentence that nobody else says";
  home.file("embedded", text + "\n");
  standin.script(Json::array({answer({text, "\n" + text}), failure(400, "text/plain", text),
                              stream(delta(text) + "data: " + text + "\n\n")}));
  Editor editor(home, {"--log", home.path("log")});
  const std::string chat = "+++\nmodle = \"" + text + "\"\n+++\n" + text + "\n# === SYSTEM ===\n" +
                           text + "\n# === USER ===\n![](embedded)\n" + text;
  for (int id = 1; id <= 3; ++id) {
    editor.send("complete", {{"id", id},
                             {"text", chat},
                             {"settings", Json::object()},
                             {"file", home.path("chat.md")},
                             {"allow", Json::array({home.path("embedded")})},
                             {"journal", home.path("a.journal")}});
    editor.take_answer(id);
  }
  for (const char* query : {"request", "messages", "format", "models", "embeds", "recoverable",
                            "recover", "set_model", "chats", "trust", "no such"}) {
    editor.send(query, {{"id", 9}, {"text", chat}});
    editor.send(query, {{"id", chat}, {"text", 3}, {"settings", chat}});
  }
  editor.send_bytes(pack(text));
  editor.sync();
  const std::string log = home.read("log");
  CHECK(log.find("no such") != std::string::npos);
  CHECK(log.find("nobody") == std::string::npos);
}

}  // namespace chatvim::testing::leaks_test
