// SPDX-License-Identifier: Apache-2.0
// Keys that `chatvim keys set` stores: in the system's keyring, here a script named secret-tool, or
// in a file.
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include "home.hpp"
#include "standin.hpp"
#include "terminal.hpp"

namespace chatvim::testing::stored_keys_test {

namespace {

namespace fs = std::filesystem;

const std::string kKey = "sentinel-key-5f2c-9b7e41d8";
const std::string kState = ".local/state/chatvim/";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void check_no_leak(const Run& run) {
  CHECK_FALSE(contains(run.out, kKey));
  CHECK_FALSE(contains(run.err, kKey));
}

/// Puts a program of this name on PATH, alone with the system's.
void put_program(Home& home, const std::string& name, const std::string& script) {
  fs::create_directories(home.path("bin"));
  fs::permissions(home.file("bin/" + name, "#!/bin/sh\n" + script), fs::perms::owner_all);
  home.set("PATH", home.path("bin") + ":/usr/bin:/bin");
}

/// A keyring that keeps one key in the file "ring", and records its arguments and environment.
void put_keyring(Home& home) {
  put_program(home, "secret-tool",
              "echo \"$*\" >> \"$HOME/calls\"\nenv >> \"$HOME/seen\"\n"
              "case $1 in\nstore) cat > \"$HOME/ring\" ;;\n"
              "lookup) test -f \"$HOME/ring\" && cat \"$HOME/ring\" ;;\n"
              "clear) rm -f \"$HOME/ring\" ;;\nesac\n");
}

mode_t mode_of(const Home& home, const std::string& name) {
  struct stat found {};
  REQUIRE(::stat(home.path(name).c_str(), &found) == 0);
  return found.st_mode & 0777U;
}

std::string authorization(Standin& standin, std::size_t request) {
  return header(standin.requests().at(request), "authorization");
}

void configure(const Home& home, const Standin& standin) {
  home.configure(configuration(standin.base_url(), "api_key_env = \"MY_KEY\""));
}

}  // namespace

TEST_CASE("keys set: without a keyring the key goes into a private file", "[keys]") {
  Standin standin;
  Home home;
  home.set("PATH", home.path("bin"));
  configure(home, standin);
  const Run missing = home.run({"complete", "hi"});
  CHECK(missing.code == 2);
  CHECK(contains(missing.err, "chatvim keys set standin"));
  const Run set = home.run({"keys", "set", "standin"}, "\n " + kKey + " \nnotes\n");
  CHECK(set.code == 0);
  CHECK(contains(set.err, home.path(kState + "key-values.json")));
  CHECK(contains(set.err, "secret-tool is not installed"));
  check_no_leak(set);
  CHECK(mode_of(home, kState + "key-values.json") == 0600);
  CHECK(mode_of(home, ".local/state/chatvim") == 0700);
  CHECK_FALSE(contains(home.read(kState + "keys.json"), kKey));

  standin.script(Json::array({answer({"a"})}));
  CHECK(home.run({"complete", "hi"}).code == 0);
  CHECK(authorization(standin, 0) == "Bearer " + kKey);
  const Run list = home.run({"keys", "list"});
  CHECK(contains(list.out, "standin"));
  check_no_leak(list);
  const Json rows = Json::parse(home.run({"providers", "--json"}).out);
  CHECK(rows.back().at("key") == true);

  CHECK(home.run({"keys", "remove", "standin"}).code == 0);
  CHECK_FALSE(contains(home.read(kState + "key-values.json"), kKey));
  CHECK(home.run({"complete", "hi"}).code == 2);
  CHECK(home.run({"keys", "remove", "standin"}).code == 2);
}

TEST_CASE("keys set: the keyring gets the key on standard input and nothing else", "[keys]") {
  Standin standin;
  Home home;
  put_keyring(home);
  home.set("OPENAI_API_KEY", "another-key-0123456789");
  configure(home, standin);
  const Run set = home.run({"keys", "set", "standin"}, kKey + "\n");
  CHECK(set.code == 0);
  CHECK(contains(set.err, "keyring"));
  check_no_leak(set);
  CHECK(home.read("ring") == kKey);
  CHECK_FALSE(contains(home.read("calls"), kKey));
  CHECK_FALSE(contains(home.read("seen"), kKey));
  CHECK_FALSE(contains(home.read("seen"), "another-key"));
  CHECK_FALSE(home.exists(kState + "key-values.json"));

  // What needs no key runs nothing.
  home.file("calls", "");
  CHECK(home.run({"request", "hi"}).code == 0);
  CHECK(home.run({"providers"}).code == 0);
  CHECK(contains(home.run({"models", "--names"}).out, "openai/"));
  CHECK(home.read("calls").empty());
  standin.script(Json::array({answer({"a"})}));
  CHECK(home.run({"complete", "hi"}).code == 0);
  CHECK(authorization(standin, 0) == "Bearer " + kKey);
  CHECK(home.read("calls") == "lookup service chatvim provider standin\n");
  CHECK(home.run({"keys", "remove", "standin"}).code == 0);
  CHECK_FALSE(home.exists("ring"));
}

TEST_CASE("keys set: a keyring that fails is reported, and nothing is stored", "[keys]") {
  Standin standin;
  Home home;
  configure(home, standin);
  put_program(home, "secret-tool",
              "test $1 = lookup && exit 1\ncat >&2\necho ': is locked.' >&2\nexit 1\n");
  const Run locked = home.run({"keys", "set", "standin"}, kKey);
  CHECK(locked.code == 2);
  CHECK(contains(locked.err, "is locked; nothing was stored"));
  check_no_leak(locked);
  CHECK_FALSE(home.exists(kState + "keys.json"));
  CHECK(home.run({"keys", "set", "standin", "--in-file"}, kKey).code == 0);
  CHECK(contains(home.read(kState + "key-values.json"), kKey));

  put_keyring(home);
  CHECK(home.run({"keys", "set", "standin"}, kKey).code == 0);
  CHECK_FALSE(contains(home.read(kState + "key-values.json"), kKey));
  put_program(home, "secret-tool", "echo 'Cannot unlock the collection' >&2\nexit 1\n");
  const Run complete = home.run({"complete", "hi"});
  CHECK(complete.code == 2);
  CHECK(contains(complete.err, "Unlock the system's keyring"));
  put_program(home, "secret-tool", "exit 1\n");
  CHECK(contains(home.run({"complete", "hi"}).err, "chatvim keys set standin again"));
  CHECK(standin.requests().empty());
}

TEST_CASE("keys set: a keyring without a service leaves the key to the file", "[keys]") {
  Standin standin;
  Home home;
  configure(home, standin);
  put_program(home, "secret-tool", "echo 'secret-tool: Cannot autolaunch D-Bus' >&2\nexit 1\n");
  const Run set = home.run({"keys", "set", "standin"}, kKey);
  CHECK(set.code == 0);
  CHECK(contains(set.err, "does not answer: secret-tool: Cannot autolaunch D-Bus"));
  CHECK(contains(home.read(kState + "key-values.json"), kKey));
}

TEST_CASE("keys set: refuses what is not a key on standard input", "[keys]") {
  const Standin standin;
  Home home;
  home.set("PATH", home.path("bin"));
  configure(home, standin);
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"keys", "set", "standin", kKey}, {"keys", "set", "standin", "--key", kKey}}) {
    const Run run = home.run(arguments, kKey);
    CHECK(run.code == 2);
    CHECK(contains(run.err, "history"));
    check_no_leak(run);
  }
  CHECK(contains(home.run({"keys", "set", "standni"}, kKey).err, "Near: standin"));
  check_no_leak(home.run({"keys", "set", kKey}, ""));
  CHECK(home.run({"keys", "set", "standin"}, "").code == 2);
  CHECK(home.run({"keys", "set", "standin"}, "\xEF\xBB\xBF" + kKey).code == 2);
  CHECK(home.run({"keys", "set", "standin"}, std::string(5000, 'x')).code == 2);
  CHECK_FALSE(home.exists(kState + "keys.json"));
}

TEST_CASE("keys set: at a terminal the key is not shown, and CTRL-C stores nothing", "[keys]") {
  Home home;
  home.set("PATH", home.path("bin"));
  Terminal stopped(home.command({"keys", "set", "openai"}));
  stopped.wait_for("not shown");
  stopped.type(kKey + "\x03");
  CHECK(stopped.wait() == 130);
  CHECK(stopped.echoes());
  CHECK_FALSE(contains(stopped.output(), kKey));
  CHECK_FALSE(home.exists(kState + "keys.json"));

  Terminal terminal(home.command({"keys", "set", "openai"}));
  terminal.wait_for("not shown");
  terminal.type("wrong\x15" + kKey + "x\x7F\r");
  CHECK(terminal.wait() == 0);
  CHECK(terminal.echoes());
  CHECK_FALSE(contains(terminal.output(), kKey));
  CHECK(contains(home.read(kState + "key-values.json"), "\"" + kKey + "\""));
}

TEST_CASE("keys set: a signal at the terminal leaves it as it was", "[keys]") {
  Home home;
  home.set("PATH", home.path("bin"));
  Terminal terminal(home.command({"keys", "set", "openai"}));
  terminal.wait_for("not shown");
  // The words come before the change.
  while (terminal.echoes()) std::this_thread::yield();
  terminal.signal(SIGTERM);
  CHECK(terminal.wait() == 128 + SIGTERM);
  CHECK(terminal.echoes());
}

TEST_CASE("keys set: other sources come first, which is said", "[keys]") {
  Standin standin;
  Home home;
  home.set("PATH", home.path("bin"));
  home.set("MY_KEY", "from-the-environment");
  configure(home, standin);
  const Run set = home.run({"keys", "set", "standin"}, kKey);
  CHECK(set.code == 0);
  CHECK(contains(set.err, "$MY_KEY comes first"));
  standin.script(Json::array({answer({"a"})}));
  CHECK(home.run({"complete", "hi"}).code == 0);
  CHECK(authorization(standin, 0) == "Bearer from-the-environment");
}

TEST_CASE("keys set: a stored key makes a provider the default", "[keys]") {
  Home home;
  home.set("PATH", home.path("bin"));
  CHECK(contains(home.run({"request", "hi"}).err, "chatvim keys set"));
  CHECK(home.run({"keys", "set", "anthropic"}, kKey).code == 0);
  const Run run = home.run({"request", "hi"});
  CHECK(run.code == 0);
  CHECK(contains(run.out, "api.anthropic.com"));
  check_no_leak(run);
}

TEST_CASE("keys set: a file that is a link is replaced, not followed", "[keys]") {
  Home home;
  home.set("PATH", home.path("bin"));
  fs::create_directories(home.path(kState));
  home.file("other", R"({"xai": "mine"})");
  fs::create_symlink(home.path("other"), home.path(kState + "key-values.json"));
  CHECK(home.run({"keys", "set", "openai"}, kKey).code == 0);
  CHECK(home.read("other") == R"({"xai": "mine"})");
  CHECK_FALSE(fs::is_symlink(home.path(kState + "key-values.json")));
  CHECK(contains(home.read(kState + "key-values.json"), "mine"));
}

TEST_CASE("keys: a damaged file is named and left as it is", "[keys]") {
  const std::string damaged = "{\"openai\": \"" + kKey + "\", <<<<<<< HEAD\n";
  for (const std::string name : {"key-values.json", "keys.json"}) {
    INFO(name);
    Home home;
    put_keyring(home);
    fs::create_directories(home.path(kState));
    home.file(kState + "keys.json", R"({"openai": "file", "xai": "keyring"})");
    home.file(kState + "key-values.json", R"({"openai": ")" + kKey + "\"}");
    home.file(kState + name, damaged);
    for (const auto& arguments :
         std::vector<std::vector<std::string>>{{"keys", "set", "anthropic"},
                                               {"keys", "set", "anthropic", "--in-file"},
                                               {"keys", "remove", "openai"}}) {
      const Run run = home.run(arguments, "another-key-0123456789");
      CHECK(run.code == 2);
      CHECK(contains(run.err, "Repair or remove " + home.path(kState + name)));
      check_no_leak(run);
    }
    CHECK(home.read(kState + name) == damaged);
    CHECK_FALSE(home.exists(kState + name + ".bad"));
    CHECK_FALSE(home.exists("ring"));
    const Run list = home.run({"keys", "list"});
    CHECK_FALSE(contains(list.out, "openai"));
    CHECK(contains(list.err, name));
  }
}

TEST_CASE("keys list: a key that has gone from the file is not listed", "[keys]") {
  Home home;
  fs::create_directories(home.path(kState));
  home.file(kState + "keys.json", R"({"openai": "file"})");
  const Run list = home.run({"keys", "list"});
  CHECK(list.code == 0);
  CHECK_FALSE(contains(list.out, "openai"));
}

}  // namespace chatvim::testing::stored_keys_test
