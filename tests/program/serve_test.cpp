// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing::serve_test {

namespace {

const std::string kHead = "\n\n# === ASSISTANT ===\n\n";
const std::string kTail = "\n\n# === USER ===\n\n";

Json hanging(const std::string& text) {
  return {{"steps", {{{"deltas", {{"text", {text}}}}}, {{"hang", true}}}}};
}

}  // namespace

TEST_CASE("hello reports version and protocol, and rejects another protocol", "[serve]") {
  Standin standin;
  const Home home(standin);
  Editor editor(home);
  editor.send("hello", {{"protocol", 2}, {"version", "0.1.0"}});
  const Json hello = editor.wait("hello");
  CHECK(hello.at("protocol") == 2);
  CHECK(hello.at("version").is_string());
  CHECK(editor.first_method() == "nvim_set_client_info");

  editor.send("hello", {{"protocol", 999}, {"version", "9"}});
  CHECK(editor.wait("failed").at("code") == "incompatible");
  editor.complete(1, "hi");
  editor.sync();
  CHECK(editor.count("ended") + editor.count("started") == 0);
  CHECK(standin.requests().empty());
}

TEST_CASE("an answer consists of diagnostics, started, updates and one end", "[serve]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"Hel", "lo\nthere"})}));
  Editor editor(home);
  editor.complete(7, "hi");
  CHECK(editor.wait("diagnostics", 7).at("items").empty());
  const Json started = editor.wait("started", 7);
  CHECK(started.at("provider") == "standin");
  CHECK(started.at("model") == "m");
  const Answer got = editor.take_answer(7);
  CHECK(got.text == kHead + "Hello\nthere" + kTail);
  CHECK(got.ended.at("outcome") == "done");
  CHECK(got.ended.at("finish_reason") == "stop");
  CHECK(got.ended.at("model") == "m");
  CHECK(got.ended.at("seconds").get<double>() > 0);
  CHECK_FALSE(got.ended.contains("message"));
  editor.sync();
  CHECK(editor.count("update", 7) + editor.count("ended", 7) + editor.count("failed") == 0);
  std::set<std::string> phases;
  while (editor.count("progress", 7) > 0) phases.insert(editor.wait("progress", 7).at("phase"));
  for (const auto& phase : phases)
    CHECK((phase == "connecting" || phase == "waiting" || phase == "key"));
}

TEST_CASE("the connection is kept from answer to answer", "[serve]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({answer({"a"}), answer({"b"}), answer({"c"})}));
  Editor editor(home);
  for (int id = 1; id <= 3; ++id) {
    editor.complete(id, "hi");
    CHECK(editor.take_answer(id).ended.at("outcome") == "done");
  }
  for (const Json& request : standin.requests("ended=3")) CHECK(request.at("connection") == 1);
}

TEST_CASE("opening a chat connects without a request or a message", "[serve]") {
  const Home home;
  Standin standin({"--tls", "--write-ca", home.path("ca.pem")});
  home.configure(configuration(standin.base_url(), "ca_file = \"" + home.path("ca.pem") + "\""));
  standin.script(Json::array({answer({"a"})}));
  Editor editor(home);
  editor.send("open", {{"text", ""}, {"settings", Json::array()}});
  CHECK(standin.records("connections=1").at("requests").empty());
  // Errors are reported only when the chat is sent.
  editor.send("open", {{"text", "+++\nmodel = 3\n+++"}, {"settings", Json::object()}});
  editor.sync();
  CHECK(editor.waiting().empty());
  editor.complete(1, "hi");
  CHECK(editor.take_answer(1).ended.at("outcome") == "done");
}

TEST_CASE("warm opens no connection and sends no message", "[serve]") {
  const Home home;
  Standin standin({"--tls", "--write-ca", home.path("ca.pem")});
  home.configure(
      configuration(standin.base_url(),
                    "api_key_command = [\"sh\", \"-c\", \"echo run >> ~/runs; echo k\"]\n"
                    "ca_file = \"" +
                        home.path("ca.pem") + "\""));
  standin.script(Json::array({answer({"a"})}));
  Editor editor(home);
  editor.send("warm", {{"settings", Json::object()}});
  editor.send("warm", {{"settings", {{"temperature", "wrong"}}}});
  // Twice, to let the event loop run once in between.
  editor.sync();
  editor.sync();
  CHECK(editor.waiting().empty());
  CHECK_FALSE(home.exists("runs"));
  CHECK(standin.records().at("connections").empty());
  editor.complete(1, "hi");
  CHECK(editor.take_answer(1).ended.at("outcome") == "done");
  CHECK(standin.records().at("connections").size() == 1);
}

TEST_CASE("parts of a text belong to the next message with a text", "[serve]") {
  Standin standin;
  const Home home(standin);
  Editor editor(home);
  const auto content = [&editor](int id, const std::string& rest) {
    editor.send("messages", {{"id", id}, {"text", rest}, {"settings", Json::object()}});
    return editor.wait("result", id).at("value").at(0).at("content").get<std::string>();
  };
  editor.send("part", {{"text", "one\n"}});
  editor.send("part", {{"text", "two\n"}});
  CHECK(content(1, "three") == "one\ntwo\nthree");
  CHECK(content(2, "alone") == "alone");
  // Any other message in between discards the parts.
  editor.send("part", {{"text", "lost\n"}});
  editor.send("stop", {{"id", 9}});
  CHECK(content(3, "alone") == "alone");
  editor.send("part", {{"text", 7}});
  CHECK(editor.wait("failed").at("code") == "bad_message");
}

TEST_CASE("at most one update is unacknowledged, text in the meantime is combined", "[serve]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({{{"steps",
                                {{{"deltas", {{"text", {"first "}}}}},
                                 {{"wait", "go"}},
                                 {{"deltas", {{"text", "w{n} "}, {"count", 300}}}},
                                 {{"finish", "stop"}}}}},
                              answer({"other"})}));
  Editor editor(home);
  editor.complete(1, "hi");
  const Json first = editor.wait("update", 1);
  standin.release("go");
  standin.requests("ended=1");
  // After a complete second answer, everything that the first answer's server sent has been read.
  editor.complete(2, "hi");
  CHECK(editor.take_answer(2).ended.at("outcome") == "done");
  CHECK(editor.count("update", 1) == 0);
  CHECK(editor.count("ended", 1) == 0);
  // An unknown sequence number does not count as an acknowledgement.
  editor.send("acknowledge", {{"id", 1}, {"sequence", 77}});
  editor.sync();
  CHECK(editor.count("update", 1) == 0);
  editor.send("acknowledge", {{"id", 1}, {"sequence", first.at("sequence")}});
  const Answer rest = editor.take_answer(1);
  REQUIRE(rest.updates.size() == 1);
  // The space after the first update was held back until more text followed.
  CHECK(rest.text.starts_with(" w1 w2 "));
  CHECK(rest.text.ends_with("w300 " + kTail));
}

TEST_CASE("stop ends an answer in every phase and closes its connection", "[serve]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({{{"steps", {{{"hang", true}}}}},
                              {{"steps", {{{"head", true}}, {{"hang", true}}}}},
                              hanging("so far")}));
  Editor editor(home);
  for (int id = 1; id <= 3; ++id) {
    editor.complete(id, "hi");
    if (id < 3) {
      standin.requests("wait=" + std::to_string(id));
    } else {
      editor.process().wait_until([&] {
        editor.sync();
        return editor.count("update", id) > 0;
      });
    }
    editor.send("stop", {{"id", id}});
    editor.send("stop", {{"id", id}});
    const Answer got = editor.take_answer(id);
    CHECK(got.ended.at("outcome") == "stopped");
    CHECK(got.text == (id < 3 ? "" : kHead + "so far" + kTail));
    standin.requests("closed=" + std::to_string(id));
    editor.send("stop", {{"id", id}});
    editor.sync();
    CHECK(editor.count("ended") == 0);
  }
  CHECK(standin.requests().size() == 3);
}

TEST_CASE("stop right after complete sends nothing more", "[serve]") {
  Standin standin;
  const Home home(standin);
  Editor editor(home);
  editor.complete(1, "hi");
  editor.send("stop", {{"id", 1}});
  CHECK(editor.take_answer(1).ended.at("outcome") == "stopped");
  editor.sync();
  CHECK(editor.count("ended") + editor.count("update") == 0);
}

TEST_CASE("after cancel no message about the answer is sent", "[serve]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({hanging("x"), answer({"next"})}));
  Editor editor(home);
  editor.complete(1, "hi");
  editor.wait("update", 1);
  editor.send("cancel", {{"id", 1}});
  standin.requests("closed=1");
  editor.send("acknowledge", {{"id", 1}, {"sequence", 1}});
  editor.send("stop", {{"id", 1}});
  editor.complete(2, "hi");
  CHECK(editor.take_answer(2).ended.at("outcome") == "done");
  CHECK(editor.count("update", 1) + editor.count("ended", 1) + editor.count("failed") == 0);
}

TEST_CASE("of eight answers at once, stopping one leaves seven", "[serve]") {
  Standin standin;
  const Home home(standin);
  Json replies = Json::array();
  for (int id = 1; id <= 8; ++id) replies.push_back(answer_with_gate({"part "}, "go"));
  standin.script(replies);
  Editor editor(home);
  for (int id = 1; id <= 8; ++id) editor.complete(id, "hi");
  standin.requests("wait=8");
  editor.send("stop", {{"id", 4}});
  CHECK(editor.take_answer(4).ended.at("outcome") == "stopped");
  standin.requests("closed=1");
  for (int i = 0; i < 7; ++i) standin.release("go");
  for (int id = 1; id <= 8; ++id) {
    if (id == 4) continue;
    const Answer got = editor.take_answer(id);
    CHECK(got.ended.at("outcome") == "done");
    CHECK(got.text == kHead + "part " + kTail);
  }
}

TEST_CASE("request and messages answer with a result", "[serve]") {
  const Home home;
  home.configure(configuration("http://127.0.0.1:9/v1"));
  Editor editor(home);
  const std::string text =
      "+++\nseed = 1\nsed = 2\n+++\nhi\n# === ASSISTANT ===\nyo\n# === USER ===\nmore";
  editor.send("request", {{"id", 3}, {"text", text}, {"settings", {{"temperature", 0.5}}}});
  CHECK(editor.wait("diagnostics", 3).at("items").size() == 1);
  const Json request = Json::parse(editor.wait("result", 3).at("value").get<std::string>());
  CHECK(request.at("body").at("temperature") == 0.5);
  CHECK(request.at("body").at("seed") == 1);
  editor.send("messages", {{"id", 4}, {"text", text}, {"settings", Json::array()}});
  const Json value = editor.wait("result", 4).at("value");
  REQUIRE(value.size() == 3);
  CHECK(value.at(1) == Json{{"role", "assistant"}, {"content", "yo"}});
  editor.send("messages",
              {{"id", 5}, {"text", "+++\nmodel = 1\n+++"}, {"settings", Json::array()}});
  CHECK(editor.wait("diagnostics", 5).at("items").at(0).at("line") == 2);
  CHECK(editor.wait("result", 5).at("code") == "bad_document");
}

TEST_CASE("a chat that cannot be sent ends with one error, and nothing is sent", "[serve]") {
  Standin standin;
  const Home home(standin);
  Editor editor(home);
  struct Case {
    std::string text;
    std::string code;
  };
  const Case cases[] = {{"", "empty_chat"},
                        {"+++\nmodel = 1\n+++\nhi", "bad_document"},
                        {"hi\n# === ASSISTANT ===\nyo", "nothing_to_answer"},
                        {std::string("a NUL: \0", 8), "binary_document"},
                        {"not \xFF UTF-8", "not_utf8"},
                        {"+++\nmodel = \"unheard-of\"\n+++\nhi", "unknown_model"}};
  int id = 0;
  for (const Case& one : cases) {
    INFO(one.code);
    editor.complete(++id, one.text);
    const Json ended = editor.wait("ended", id);
    CHECK(ended.at("outcome") == "error");
    CHECK(ended.at("code") == one.code);
    CHECK_FALSE(ended.at("message").get<std::string>().empty());
    CHECK(editor.count("diagnostics", id) == 1);
    CHECK(editor.count("started", id) == 0);
  }
  editor.complete(99, "hi", {{"temperature", "warm"}});
  CHECK(editor.wait("ended", 99).at("code") == "bad_config");
  CHECK(standin.records().at("connections").empty());
}

TEST_CASE("a key command runs only once per process", "[serve]") {
  Standin standin;
  const Home home;
  home.configure(configuration(
      standin.base_url(), "api_key_command = [\"sh\", \"-c\", \"echo run >> ~/runs; echo k\"]"));
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  Editor editor(home);
  editor.send("open", {{"text", ""}, {"settings", Json::array()}});
  editor.sync();
  CHECK_FALSE(home.exists("runs"));
  for (int id = 1; id <= 2; ++id) {
    editor.complete(id, "hi");
    CHECK(editor.take_answer(id).ended.at("outcome") == "done");
  }
  CHECK(home.read("runs") == "run\n");
  for (const Json& request : standin.requests())
    CHECK(header(request, "authorization") == "Bearer k");
}

TEST_CASE("the log contains no key and no text of a chat", "[serve]") {
  Standin standin;
  Home home;
  home.set("MY_KEY", "sentinel-key");
  home.configure(configuration(standin.base_url(), "api_key_env = \"MY_KEY\""));
  standin.script(Json::array({answer({"the secret answer"}), {{"status", 401}, {"body", "no"}}}));
  Editor editor(home, {"--log", home.path("log")});
  for (int id = 1; id <= 2; ++id) {
    editor.complete(id, "the secret question");
    editor.take_answer(id);
  }
  editor.send("nothing", {{"text", "the secret question"}});
  editor.send("complete", {{"id", "x"}, {"text", "the secret question"}});
  editor.sync();
  const std::string log = home.read("log");
  CHECK(log.find("nothing") != std::string::npos);
  CHECK(log.find("sentinel-key") == std::string::npos);
  CHECK(log.find("secret") == std::string::npos);
}

TEST_CASE("only the owner can read a new log, and an existing file keeps its mode", "[serve]") {
  namespace fs = std::filesystem;
  const Home home;
  const auto mode = [&](const std::string& name) {
    return static_cast<unsigned>(fs::status(home.path(name)).permissions());
  };
  const auto shared = fs::perms::owner_all | fs::perms::group_all | fs::perms::others_all;
  fs::permissions(home.file("shared", ""), shared);
  fs::create_symlink(home.path("shared"), home.path("link"));
  const mode_t before = ::umask(0);
  for (const char* name : {"new", "link"}) {
    Editor editor(home, {"--log", home.path(name)});
    editor.send("no such message", Json::object());
    editor.sync();
  }
  ::umask(before);
  CHECK(mode("new") == 0600);
  CHECK(home.read("new").find("no such message") != std::string::npos);
  CHECK(mode("shared") == 0777);
  CHECK(home.read("shared").find("no such message") != std::string::npos);
}

}  // namespace chatvim::testing::serve_test
