// SPDX-License-Identifier: Apache-2.0
// The list of chats: the message `chats`, its parts and its end.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

namespace fs = std::filesystem;

/// Writes a file to the home's folder `chats`; its modification time is `age` seconds ago.
void write(const Home& home, const std::string& name, std::string_view bytes, int age = 0) {
  fs::create_directories(home.path("chats"));
  const std::string path = home.file("chats/" + name, bytes);
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::seconds(age));
}

void ask(Editor& editor, const Home& home, int id, const std::string& text = "",
         const std::string& folder = "chats") {
  editor.send(
      "chats",
      {{"id", id}, {"folder", home.path(folder)}, {"text", text}, {"settings", Json::object()}});
}

/// The chats in a reply, in order, up to its end.
struct Listed {
  std::vector<Json> chats;
  std::size_t messages = 0;
  Json result;

  std::vector<std::string> all(const char* field) const {
    std::vector<std::string> values;
    for (const Json& chat : chats) values.push_back(chat.at(field));
    return values;
  }
};

Listed take(Editor& editor, int id) {
  Listed listed;
  listed.result = editor.wait("result", id);
  while (editor.count("chats", id) > 0) {
    const Json part = editor.wait("chats", id);
    ++listed.messages;
    for (const Json& chat : part.at("chats")) listed.chats.push_back(chat);
  }
  if (listed.result.contains("value")) {
    CHECK(listed.result.at("value").at("count") == listed.chats.size());
  }
  return listed;
}

std::vector<std::string> names(Editor& editor, const Home& home, int id, const std::string& text) {
  ask(editor, home, id, text);
  return take(editor, id).all("name");
}

using Names = std::vector<std::string>;

std::string message_of(const Listed& listed) {
  CHECK(listed.chats.empty());
  CHECK(listed.result.at("code") == "unreadable_file");
  CHECK(listed.result.at("level") == "error");
  return listed.result.at("message");
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("chats are listed newest first with their question, its line and their time", "[chats]") {
  const Home home;
  write(home, "chat-a.md", "+++\nmodel = 'm'\n+++\n\n# Why is the sky blue?\n", 30);
  write(home, "old.md", "Old?\n\n# === ASSISTANT ===\n\nYes.\n", 3000);
  write(home, "chat-new.md", "", 0);
  write(home, "notes.md", "no chat\n", 1);
  Editor editor(home);
  ask(editor, home, 7);
  const Listed listed = take(editor, 7);
  CHECK(listed.all("name") == Names{"chat-new.md", "chat-a.md", "old.md"});
  CHECK(listed.all("question") == Names{"", "Why is the sky blue?", "Old?"});
  CHECK(listed.chats[1].at("line") == 5);
  CHECK(listed.result.at("value").at("limited") == false);
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const auto age = now - listed.chats[2].at("time").get<std::int64_t>();
  CHECK((age >= 3000 && age < 3100));
  editor.sync();
  CHECK(editor.waiting().empty());
}

TEST_CASE("a search text filters the list, wherever it is in a file", "[chats]") {
  const Home home;
  const std::string filler(70, 'x');
  std::string large = "Large?\n";
  while (large.size() < 3 * 1024 * 1024) large += filler + "\n";
  write(home, "chat-large.md", large + "The Needle is here\n", 10);
  write(home, "chat-small.md", "a needle\n", 20);
  write(home, "chat-none.md", "nothing\n", 5);
  // Across every possible boundary between reads.
  for (const std::size_t border : {64U, 256U, 320U, 512U, 576U}) {
    std::string text(border * 1024 - 3, 'y');
    write(home, "chat-" + std::to_string(border) + ".md", text + "needle and more\n",
          static_cast<int>(100 + border));
  }
  Editor editor(home);
  CHECK(names(editor, home, 1, "needle") == Names{"chat-large.md", "chat-small.md", "chat-64.md",
                                                  "chat-256.md", "chat-320.md", "chat-512.md",
                                                  "chat-576.md"});
  CHECK(names(editor, home, 2, "Needle") == Names{"chat-large.md"});
  CHECK(names(editor, home, 3, "n..dle").empty());
}

TEST_CASE("only the first 16 MiB of a file are searched", "[chats]") {
  const Home home;
  const std::string filler(16 * 1024 * 1024 + 600 * 1024, 'x');
  write(home, "chat-before.md", filler.substr(0, 15 * 1024 * 1024) + "needle");
  write(home, "chat-behind.md", filler + "needle");
  Editor editor(home);
  CHECK(names(editor, home, 1, "needle") == Names{"chat-before.md"});
}

TEST_CASE("only regular files and links to them are examined", "[chats]") {
  const Home home;
  write(home, "chat-file.md", "File?\n", 10);
  write(home, ".chat-hidden.md", "Hidden?\n");
  write(home, "chat-text.txt", "Text?\n");
  fs::create_directories(home.path("chats/chat-folder.md"));
  fs::create_symlink("/dev/zero", home.path("chats/chat-device.md"));
  fs::create_symlink("nowhere", home.path("chats/chat-dangling.md"));
  fs::create_symlink("chat-loop.md", home.path("chats/chat-loop.md"));
  fs::create_symlink(home.file("elsewhere.txt", "Linked?\n"), home.path("chats/chat-link.md"));
  REQUIRE(::mkfifo(home.path("chats/chat-fifo.md").c_str(), 0600) == 0);
  Editor editor(home, {"--log", home.path("log")});
  ask(editor, home, 1);
  CHECK(take(editor, 1).all("question") == Names{"Linked?", "File?"});
  const std::string log = home.read("log");
  CHECK(contains(log, "chats/chat-loop.md is left out of the list of chats: "));
  CHECK_FALSE(contains(log, "chat-fifo"));
  CHECK_FALSE(contains(log, "chat-dangling"));
}

TEST_CASE("an unreadable file is left out and logged", "[chats]") {
  const Home home;
  write(home, "chat-good.md", "Good?\n");
  write(home, "chat-bad.md", "Bad?\n");
#ifdef __linux__
  // A regular file whose first byte not even root can read.
  fs::remove(home.path("chats/chat-bad.md"));
  fs::create_symlink("/proc/self/mem", home.path("chats/chat-bad.md"));
#else
  fs::permissions(home.path("chats/chat-bad.md"), fs::perms::none);
#endif
  Editor editor(home, {"--log", home.path("log")});
  ask(editor, home, 1);
  CHECK(take(editor, 1).all("name") == Names{"chat-good.md"});
  CHECK(contains(home.read("log"), "chats/chat-bad.md is left out of the list of chats: "));
}

TEST_CASE("an unreadable folder is reported in one sentence", "[chats]") {
  const Home home;
  Editor editor(home);
  ask(editor, home, 1, "", "missing");
  CHECK(message_of(take(editor, 1)) ==
        "The chat folder " + home.path("missing") +
            " cannot be read: No such file or directory; check the option chat_dir.");
  home.file("file", "x");
  ask(editor, home, 2, "", "file");
  CHECK(message_of(take(editor, 2)) ==
        "The chat folder " + home.path("file") +
            " cannot be read: Not a directory; check the option chat_dir.");
  fs::create_directories(home.path("empty"));
  ask(editor, home, 3, "", "empty");
  CHECK(take(editor, 3).result.at("value").at("count") == 0);
}

TEST_CASE("the delimiters come from the settings, and invalid ones hide no chat", "[chats]") {
  const Home home;
  home.configure("+++\nuserDelimiter = '## You'\n+++\n");
  write(home, "notes.md", "# === SYSTEM ===\nBrief.\n## You\nWhy?\n");
  Editor editor(home);
  ask(editor, home, 1);
  CHECK(take(editor, 1).all("question") == Names{"Why?"});
  editor.send("chats", {{"id", 2},
                        {"folder", home.path("chats")},
                        {"text", ""},
                        {"settings", {{"userDelimiter", "Brief."}}}});
  CHECK(take(editor, 2).all("question") == Names{"You"});
  home.configure("+++\nuserDelimiter = 3\n+++\n");
  ask(editor, home, 3);
  CHECK(take(editor, 3).all("name") == Names{"notes.md"});
}

TEST_CASE("a folder of 5,000 files is read in slices, between other work", "[chats]") {
  Standin standin;
  const Home home(standin);
  standin.script(Json::array({{{"steps", {{{"hang", true}}}}}, answer({"hello"})}));
  const std::string filler(20'000, 'x');
  for (int i = 0; i < 5000; ++i) {
    write(home, "chat-" + std::to_string(i) + ".md", std::to_string(i) + "?\n" + filler, i);
  }
  // Large sparse files, so that even a fast machine cannot finish reading before the rest of the
  // test.
  for (int i = 0; i < 20; ++i) {
    const std::string name = "chat-holes-" + std::to_string(i) + ".md";
    write(home, name, "", 100);
    fs::resize_file(home.path("chats/" + name), 16 * 1024 * 1024);
  }
  Editor editor(home);
  editor.complete(1, "hi");
  standin.requests("wait=1");
  // A search reads 100 MB.
  ask(editor, home, 2, "?\nxxx");
  editor.sync();
  editor.sync();
  CHECK(editor.count("result", 2) == 0);
  editor.send("stop", {{"id", 1}});
  CHECK(editor.take_answer(1).ended.at("outcome") == "stopped");
  CHECK(editor.count("result", 2) == 0);
  editor.complete(3, "hi");
  CHECK(contains(editor.take_answer(3).text, "hello"));
  CHECK(editor.count("result", 2) == 0);
  const Listed listed = take(editor, 2);
  CHECK(listed.chats.size() == 5000);
  CHECK(listed.messages > 10);
  CHECK(listed.chats.front().at("question") == "0?");
  CHECK(listed.chats.back().at("question") == "4999?");

  // A new request replaces the one in progress.
  home.file("chat-alone.md", "Alone?\n");
  ask(editor, home, 4, "xxx");
  ask(editor, home, 5, "", ".");
  CHECK(take(editor, 5).all("question") == Names{"Alone?"});
  ask(editor, home, 6, "xxx");
  editor.sync();
  editor.send("cancel", {{"id", 4}});
  editor.send("cancel", {{"id", 6}});
  editor.sync();
  const int parts = editor.count("chats", 6);
  ask(editor, home, 7, "", ".");
  CHECK(take(editor, 7).all("question") == Names{"Alone?"});
  CHECK(editor.count("chats", 4) + editor.count("result", 4) + editor.count("result", 6) == 0);
  CHECK(editor.count("chats", 6) == parts);
  CHECK(editor.count("failed") == 0);
}

TEST_CASE("a question about chats needs its fields", "[chats]") {
  const Home home;
  Editor editor(home);
  for (const Json& map :
       {Json{{"id", 1}, {"text", ""}}, Json{{"id", 1}, {"folder", "/"}},
        Json{{"folder", "/"}, {"text", ""}}, Json{{"id", 1}, {"folder", 3}, {"text", ""}},
        Json{{"id", 1}, {"folder", "/"}, {"text", {"a"}}}}) {
    INFO(map.dump());
    editor.send("chats", map);
    CHECK(editor.wait("failed").at("code") == "bad_message");
    editor.sync();
    CHECK(editor.waiting().empty());
  }
  editor.send("chats", {{"id", 2}, {"folder", ""}, {"text", ""}});
  CHECK(editor.wait("result", 2).at("code") == "unreadable_file");
}

}  // namespace chatvim::testing
