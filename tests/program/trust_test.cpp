// SPDX-License-Identifier: Apache-2.0
// What a document from someone else may do without the user's consent, and how the command line
// gives consent.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing::trust_test {

namespace {

namespace fs = std::filesystem;

/// Returns the word after "--allow " in the program's advice.
std::string advised(const Run& run) {
  const std::string before = "--allow ";
  const auto start = run.err.rfind(before);
  INFO(run.err);
  REQUIRE(start != std::string::npos);
  const auto begin = start + before.size();
  return run.err.substr(begin, run.err.find(' ', begin) - begin);
}

void check_says(const Run& run, int code, const std::string& part) {
  INFO(run.err);
  CHECK(run.code == code);
  CHECK(run.err.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a document's demands are not sent without consent, in every format", "[trust]") {
  Standin standin;
  for (const char* api : {"chat", "responses", "messages"}) {
    Home home;
    home.configure(configuration(standin.base_url(), fmt::format("api = \"{}\"", api)));
    fs::create_directories(home.path("work"));
    home.file("work/notes.txt", "mine\n");
    const std::string chat = home.file(
        "work/chat.md",
        "+++\nomit = [\"store\"]\n[body]\nseed = 1\ntools = [{ type = \"mcp\", server_url = "
        "\"https://elsewhere.example\" }]\n+++\n![](*.txt)\n");
    const Run refused = home.run({"complete", "--file", chat});
    check_says(refused, 2, "(body.tools, omit store), and has to be allowed; nothing was sent.");
    CHECK(refused.out.empty());
    const std::string word = advised(refused);
    CHECK(word.starts_with("body:"));
    // The dry run sends nothing, so it shows everything and reports what needs consent.
    const Run shown = home.run({"request", "--file", chat});
    check_says(shown, 0, word);
    CHECK(Json::parse(shown.out)["body"]["tools"][0]["type"] == "mcp");
    CHECK(standin.requests().empty());
    // Consent covers this text and no other.
    home.file("work/chat.md", "+++\n[body]\nplugins = [{ id = \"web\" }]\n+++\nhi\n");
    check_says(home.run({"complete", "--file", chat, "--allow", word}), 2, "body.plugins");
    CHECK(standin.requests().empty());
  }
}

TEST_CASE("a document's demand is sent once it is allowed", "[trust]") {
  Standin standin;
  const Home home(standin);
  const Run online = home.run({"complete"}, "+++\nmodel = \"standin/m:online\"\n+++\nhi\n");
  check_says(online, 2, "(model standin/m:online), and has to be allowed; nothing was sent.");
  const std::string document = "+++\n[body]\nn = 2\n+++\nhi\n";
  const std::string word = advised(home.run({"complete"}, document));
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  CHECK(home.run({"complete", "--allow", word}, document).code == 0);
  CHECK(Json::parse(standin.body(1))["n"] == 2);
  // The user's own settings need no consent.
  CHECK(home.run({"complete", "--set", "body.n=2"}, "hi").code == 0);
}

TEST_CASE("the editor learns a document's demands, and consent is remembered", "[trust]") {
  Standin standin;
  const Home home(standin);
  Editor editor(home);
  const std::string document = "+++\n[body]\nuser = \"x\"\n+++\nhi\n";
  editor.complete(1, document);
  const Json ended = editor.wait("ended", 1);
  CHECK(ended["code"] == "demand");
  CHECK(ended["level"] == "warn");
  CHECK(ended["demand"]["kind"] == "body");
  CHECK(ended["demand"]["text"] == "{\n  \"body\": {\n    \"user\": \"x\"\n  }\n}");
  editor.send("trust", {{"path", ended["demand"]["mark"]}, {"kind", "body"}, {"allowed", true}});
  standin.script(Json::array({answer({"a"}), answer({"b"})}));
  editor.complete(2, document);
  CHECK(editor.take_answer(2).ended["outcome"] == "done");
  editor.send("complete", {{"id", 3},
                           {"text", "+++\n[body]\nuser = \"y\"\n+++\nhi\n"},
                           {"settings", Json::object()},
                           {"allow", Json::array({"body:0"})}});
  CHECK(editor.wait("ended", 3)["code"] == "demand");
  CHECK(standin.requests().size() == 1);
}

TEST_CASE("limits apply to the request as it is sent", "[trust]") {
  Standin standin;
  const Home home;
  home.configure("+++\nmax_input_tokens = 1000\nmax_cost = 1\nmax_tokens = 100\n" +
                 configuration(standin.base_url(),
                               "[facts.\"standin/m\"]\nprice = { input = 10, output = 1000 }\n"
                               "[facts.\"standin/dear\"]\nprice = { input = 9999, output = 9999 }")
                     .substr(4));
  const auto refused = [&](const std::string& settings) {
    const std::string document = "+++\n" + settings + "\n+++\nhi\n";
    Run run = home.run({"complete"}, document);
    if (run.err.find("has to be allowed") == std::string::npos) return run;
    return home.run({"complete", "--allow", advised(run)}, document);
  };
  std::string words;
  for (int i = 0; i < 2000; ++i) words += "word ";
  check_says(refused("max_tokens = 5000"), 2, "more than max_cost = $1");
  check_says(refused("[body]\nmax_tokens = 5000"), 2, "more than max_cost = $1");
  check_says(refused("[body]\nmax_completion_tokens = 5000"), 2, "more than max_cost = $1");
  check_says(refused("[body]\nmax_tokens = \"5000\""), 2,
             "max_cost cannot be checked for the answer");
  check_says(refused("[body]\nmax_tokens = -1"), 2, "max_cost cannot be checked for the answer");
  check_says(refused("omit = [\"max_tokens\"]"), 2, "max_cost cannot be checked for the answer");
  check_says(refused("[body]\nn = 20"), 2, "more than max_cost = $1");
  check_says(refused("[body]\nmodel = \"dear\""), 2, "more than max_cost = $1");
  check_says(refused("[body]\nmessages = [{ role = \"user\", content = \"" + words + "\" }]"), 2,
             "more than max_input_tokens = 1,000");
  check_says(refused("[body.response_format]\ntype = \"" + words + "\""), 2,
             "more than max_input_tokens = 1,000");
  check_says(refused("[body]\nplugins = [{ id = \"web\" }]"), 2,
             "With body.plugins in the document");
  check_says(
      refused("[body]\nmessages = [{ role = \"user\", content = [{ type = \"image_url\" }] }]"), 2,
      "With body.messages in the document");
  check_says(refused("max_cost = 100\nmax_tokens = 5000"), 2, "more than max_cost = $1");
  CHECK(standin.requests().empty());
  standin.script(Json::array({answer({"a"})}));
  CHECK(refused("temperature = 1\n[body]\ntop_p = 1").code == 0);
}

TEST_CASE("a preset chosen by a document gives no permission and raises no limit", "[trust]") {
  Standin standin;
  const Home home;
  const Home elsewhere;
  const std::string note = elsewhere.file("note.txt", "from elsewhere\n");
  const std::string config = configuration(standin.base_url()).substr(4);
  home.configure("+++\nmax_input_tokens = 10\n" + config);
  home.preset("wide", "+++\nallow = [\"" + note + "\"]\nmax_input_tokens = 100000\n+++\n");
  home.preset("tight", "+++\nmax_input_tokens = 10\n+++\n");
  const std::string long_text(500, 'x');
  const std::string by_document = "+++\npreset = \"wide\"\n+++\n";
  check_says(home.run({"request"}, by_document + "![](" + note + ")\n"), 2, "has to be allowed");
  check_says(home.run({"request"}, by_document + long_text), 2, "max_input_tokens = 10:");
  const std::vector<std::string> by_user{"request", "--set", "preset=wide"};
  CHECK(home.run(by_user, "![](" + note + ")\n").code == 0);
  CHECK(home.run(by_user, long_text).code == 0);
  // The limits of the preset that it replaces still apply.
  home.configure("+++\npreset = \"tight\"\n" + config);
  check_says(home.run({"request"}, by_document + long_text), 2, "max_input_tokens = 10:");
  // If both choose it, the user's choice counts.
  home.configure("+++\npreset = \"wide\"\n" + config);
  CHECK(home.run({"request"}, by_document + "![](" + note + ")\n").code == 0);
}

TEST_CASE("a document may use a local server once the user has named it", "[trust]") {
  Home home;
  const std::string document = "+++\nmodel = \"llamacpp/m\"\n+++\nhi\n";
  const Run refused = home.run({"complete"}, document);
  check_says(refused, 2, "llamacpp at http://127.0.0.1:8080/v1, which you have not used or named");
  CHECK(advised(refused) == "server:llamacpp");
  check_says(home.run({"complete"}, "+++\nmodel = \"m\"\nprovider = \"vllm\"\n+++\nhi\n"), 2,
             "--allow server:vllm");
  const auto passes = [](const Run& run) {
    INFO(run.err);
    CHECK(run.err.find("has to be allowed") == std::string::npos);
  };
  home.set("OLLAMA_HOST", "127.0.0.1:9");
  passes(home.run({"complete"}, "+++\nmodel = \"ollama/m\"\n+++\nhi\n"));
  home.configure("+++\n[providers.llamacpp]\nbase_url = \"http://127.0.0.1:9\"\n+++\n");
  passes(home.run({"complete"}, document));
  home.configure("+++\n[providers.vllm]\nbase_url = \"http://127.0.0.1:9\"\n+++\n");
  passes(home.run({"complete"}, "+++\nmodel = \"vllm/m\"\n+++\nhi\n"));
  check_says(home.run({"complete"}, document), 2, "has to be allowed");
}

TEST_CASE("after a local server was used once, there is no further question", "[trust]") {
  // The limit rejects the request after the consent check, so that nothing is sent to whatever
  // listens there.
  const auto asks = [](const Home& home, std::vector<std::string> more, const std::string& model) {
    more.insert(more.begin(), {"complete", "--set", "max_input_tokens=1"});
    const Run run = home.run(more, "+++\nmodel = \"" + model + "\"\n+++\nhi\n");
    CHECK(run.code == 2);
    return run.err.find("has to be allowed") != std::string::npos;
  };
  for (const std::vector<std::string>& use :
       {std::vector<std::string>{"--model", "llamacpp/m"}, {"--allow", "server:llamacpp"}}) {
    const Home home;
    CHECK(asks(home, {}, "llamacpp/m"));
    CHECK_FALSE(asks(home, use, "llamacpp/m"));
    CHECK_FALSE(asks(home, {}, "llamacpp/m"));
    CHECK(asks(home, {}, "vllm/m"));
  }
}

TEST_CASE("the advice allows exactly what was asked about", "[trust]") {
  Home home;
  fs::create_directories(home.path("work"));
  const std::string env = home.file("work/.env", "A=1\n");
  home.file("work/.chatvim.md", "be brief\n");
  const std::string chat = home.file("work/chat.md", "![](.env)\n");
  home.set("XAI_API_KEY", "sentinel-key-of-xai");
  const Run refused = home.run({"request", "--file", chat});
  check_says(refused, 2, "![](.env) may hold credentials by its name and has to be allowed");
  CHECK(advised(refused) == fs::canonical(env).string());
  check_says(refused, 2, ".chatvim.md is not used; --allow ");
  CHECK(home.run({"request", "--file", chat, "--allow", advised(refused)}).code == 0);
  check_says(home.run({"request"}, "![](/etc/passwd)\n"), 2, "--allow /etc/passwd sends it.");
  const Home elsewhere;
  const std::string odd = fs::canonical(elsewhere.file("it's a note.txt", "x\n")).string();
  check_says(home.run({"request"}, "![](" + odd + ")\n"), 2,
             odd.substr(0, odd.find('\'')) + "'\\''s a note.txt' sends it.");
  const std::string token = "npm_" + std::string("aB3dE5gH7jK9mN1pQ3sT5vW7yZ2bC4dF6hJ8");
  home.file("work/a.txt", token + "\n");
  home.file("work/chat.md", "![](a.txt)\n");
  const Run secret = home.run({"request", "--file", chat});
  const auto mark = secret.err.find("--allow secret:");
  REQUIRE(mark != std::string::npos);
  const std::string word = secret.err.substr(mark + 8, std::string("secret:").size() + 32);
  CHECK(home.run({"request", "--file", chat, "--allow", word}).code == 0);
  home.file("work/a.txt", "npm_" + std::string("zB3dE5gH7jK9mN1pQ3sT5vW7yZ2bC4dF6hJ8") + "\n");
  check_says(home.run({"request", "--file", chat, "--allow", word}), 2, "an npm token");
}

TEST_CASE("a chat in the home folder, or without HOME, needs permission to embed", "[trust]") {
  Home home;
  home.set("XAI_API_KEY", "sentinel-key-of-xai");
  home.file("a.txt", "A\n");
  fs::create_directories(home.path("work"));
  home.file("work/b.txt", "B\n");
  home.file("chat.md", "![](a.txt)\n");
  home.file("work/chat.md", "![](b.txt)\n");
  check_says(home.run({"request", "--file", "chat.md"}), 2, "lies in your home folder");
  CHECK(home.run({"request", "--file", "work/chat.md"}).code == 0);
  home.set("HOME", "");
  check_says(home.run({"request", "--file", "work/chat.md"}), 2, "$HOME is not set");
}

TEST_CASE("a relative XDG_CONFIG_HOME is not used", "[trust]") {
  Home home;
  home.configure("+++\nmodel = \"standin/m\"\n+++\n# === SYSTEM ===\nfrom here\n");
  home.set("XDG_CONFIG_HOME", "config");
  home.set("XAI_API_KEY", "k");
  const Run run = home.run({"request", "hi"});
  REQUIRE(run.code == 0);
  CHECK(run.out.find("from here") == std::string::npos);
}

TEST_CASE("the log is private from its first line", "[trust]") {
  const Home home;
  const mode_t mask = ::umask(0);
  Process process(home.command({"serve", "--log", "log.txt"}));
  process.write("\xC1");
  process.end_input();
  process.wait();
  ::umask(mask);
  struct stat found {};
  REQUIRE(::stat(home.path("log.txt").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600);
}

TEST_CASE("a key command that leaves an agent running still gives its key", "[trust]") {
  Standin standin;
  const Home home;
  const std::string script =
      home.file("key.sh", "#!/bin/sh\nsleep 600 &\necho $! > agent\necho the-key\n");
  fs::permissions(script, fs::perms::owner_all);
  home.configure(configuration(standin.base_url(), "api_key_command = [\"" + script + "\"]"));
  standin.script(Json::array({answer({"a"})}));
  CHECK(home.run({"complete", "hi"}).code == 0);
  CHECK(header(standin.requests().at(0), "authorization") == "Bearer the-key");
  CHECK(::kill(std::stoi(home.read("agent")), SIGKILL) == 0);
}

TEST_CASE("a key in a model's name or in a command's error is not shown", "[trust]") {
  Standin standin;
  Home home;
  const std::string key = "sentinel-key-9a8b7c6d";
  home.set("MY_KEY", key);
  home.set("XAI_API_KEY", "other-sentinel-key");
  home.configure(configuration(standin.base_url(), "api_key_env = \"MY_KEY\""));
  standin.script(Json::array(
      {{{"json", {{"data", Json::array({{{"id", "model-" + key}}, {{"id", "good"}}})}}}},
       {{"json", {{"data", Json::array({{{"id", "model-" + key}}})}}}}}));
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"models", "--remote", "standin"},
        {"models", "--remote", "standin", "--json"}}) {
    const Run run = home.run(arguments);
    INFO(run.err);
    CHECK(run.code == 0);
    CHECK(run.out.find("model-***") != std::string::npos);
    CHECK(run.out.find(key) == std::string::npos);
  }
  const std::string script = home.file(
      "key.sh",
      "#!/bin/sh\necho 'token printed-sentinel-1234 end'\n"
      "echo printed-sentinel-1234 other-sentinel-key sk-ant-'api03-aB3dE5gH7jK9mN1pQ3sT5vW7yZ2bC4'"
      " https://u:hunter42@host >&2\nexit 1\n");
  fs::permissions(script, fs::perms::owner_all);
  home.configure(configuration(standin.base_url(), "api_key_command = [\"" + script + "\"]"));
  const Run run = home.run({"complete", "hi"});
  check_says(run, 2, "exit code 1. *** ");
  for (const char* secret : {"printed-sentinel", "aB3dE5", "hunter42"}) {
    INFO(run.err);
    CHECK(run.err.find(secret) == std::string::npos);
  }
}

}  // namespace chatvim::testing::trust_test
