// SPDX-License-Identifier: Apache-2.0
// The journal of a running answer: its format and its file.
#include "chatvim/store/journal.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "editor/recovery.hpp"
#include "loop_support.hpp"
#include "nlohmann/json.hpp"
#include "property.hpp"

namespace chatvim::store {
namespace {

namespace fs = std::filesystem;
using testing::TestLoop;

JournalHeader header() {
  JournalHeader header;
  header.file = "/chats/one \"chat\".md";
  header.lead = {document::Lead::Start::kMessage, 7, "# === USER ===\n\nQ", "old"};
  return header;
}

std::string journal(const std::string& text, const std::string& ending) {
  return encode_header(header()) + text + ending + encode_footer({ending.size(), 1700000000});
}

/// A temporary folder for journals, and helpers for the tests.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("chatvim-journal-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  std::string path(const std::string& name = "a.journal") const { return (path_ / name).string(); }
  fs::path folder() const { return path_; }
  bool has(const std::string& name = "a.journal") const { return fs::exists(path_ / name); }
  std::string read(const std::string& name = "a.journal") const {
    std::ifstream stream(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  JournalContents parsed(const std::string& name = "a.journal") const {
    const auto contents = parse_journal(read(name));
    REQUIRE(contents);
    return *contents;
  }

  std::unique_ptr<Journal> start(const JournalHeader& of = header()) {
    return std::make_unique<Journal>(
        Journal::Parts{test.loop(),
                       [this] {
                         ++writes;
                         return ending;
                       },
                       [this](const std::string& why) { failures.push_back(why); }},
        path(), of);
  }
  /// Waits until the file exists and contains the text.
  void wait(const std::string& text, const std::string& name = "a.journal") {
    test.run_until([&] { return has(name) && read(name).find(text) != std::string::npos; });
  }

  TestLoop test;
  std::string ending = "\nEND";
  int writes = 0;
  std::vector<std::string> failures;

 private:
  fs::path path_;
};

TEST_CASE("a journal reads as it was written", "[journal]") {
  const auto contents = parse_journal(journal("the\n{\"ending\":1}\ntext", "\n```\n\nU\n\n"));
  REQUIRE(contents);
  CHECK(contents->file == header().file);
  CHECK(contents->time == 1700000000);
  CHECK_FALSE(contents->offered);
  const auto& answer = contents->answer;
  CHECK(answer.format.user_delimiter == "# === USER ===");
  CHECK((answer.lead.start == document::Lead::Start::kMessage && answer.lead.at == 7));
  CHECK((answer.lead.text == "# === USER ===\n\nQ" && answer.lead.replaced == "old"));
  CHECK((answer.text == "the\n{\"ending\":1}\ntext" && answer.ending == "\n```\n\nU\n\n"));
  std::string offered = journal("", "");
  offered[kJournalMagic.size()] = kOffered;
  REQUIRE(parse_journal(offered));
  CHECK(parse_journal(offered)->offered);
}

TEST_CASE("a journal whose last write was cut keeps its text", "[journal]") {
  const std::string head = encode_header(header());
  const std::string whole = journal("some text", "\nEND");
  for (std::size_t size = head.size(); size < whole.size(); ++size) {
    const auto contents = parse_journal(std::string_view(whole).substr(0, size));
    REQUIRE(contents);
    const std::string all = contents->answer.text + contents->answer.ending;
    CHECK(whole.substr(head.size(), size - head.size()) == all);
    CHECK(contents->time == 0);
  }
  for (std::size_t size = 0; size < head.size(); ++size) {
    CHECK_FALSE(parse_journal(std::string_view(whole).substr(0, size)));
  }
}

TEST_CASE("an invalid journal causes only an error", "[journal]") {
  for (const char* text :
       {"", "\n", "text", "{}\n", R"({"chatvim":"journal","version":2,"offered":0}
)",
        R"({"chatvim":"journal","version":1,"offered":0,"file":7}
)"}) {
    const auto contents = parse_journal(text);
    REQUIRE_FALSE(contents);
    CHECK(contents.error().code == ErrorCode::kBadJournal);
  }
  CHECK(testing::holds("damaged journals", 3000, [] {
    std::string bytes = journal(*rc::gen::arbitrary<std::string>(), "\nEND");
    const int changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
      bytes[at] = *rc::gen::element('9', '-', '"', '}', '\n', '\0', '\xFF', 'x');
    }
    bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
    const auto contents = parse_journal(bytes);
    if (contents) document::restore("a\n# === USER ===\n\nQ and more", contents->answer);
  }));
}

TEST_CASE("text is written soon and in few writes", "[journal]") {
  Folder folder;
  auto journal = folder.start();
  CHECK_FALSE(folder.has());
  const auto end = loop::Clock::now() + std::chrono::milliseconds(700);
  std::string all;
  folder.test.run_until([&] {
    journal->add("delta ");
    all += "delta ";
    return loop::Clock::now() > end;
  });
  CHECK(folder.writes <= 5);
  CHECK(all.starts_with(folder.parsed().answer.text));
  const auto added = loop::Clock::now();
  folder.test.run_until([&] { return folder.parsed().answer.text == all; });
  CHECK(loop::Clock::now() - added < std::chrono::seconds(1));
  CHECK(folder.parsed().answer.ending == "\nEND");
  const auto mode = fs::status(folder.path()).permissions();
  CHECK(mode == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(fs::status(folder.folder()).permissions() == fs::perms::owner_all);
  journal->remove();
  CHECK_FALSE(folder.has());
}

TEST_CASE("a shorter ending leaves nothing of the longer one", "[journal]") {
  Folder folder;
  folder.ending = "\nheld back " + std::string(200, 'x');
  auto journal = folder.start();
  journal->add("a");
  folder.wait("held back");
  folder.ending = "!";
  journal->add("b");
  folder.wait("ab!");
  CHECK(folder.parsed().answer.text == "ab");
  CHECK(folder.parsed().answer.ending == "!");
  folder.ending = "?";
  journal->finish();
  folder.wait("ab?");
  // Destroying the journal without an end writes the pending text.
  journal->add("c");
  journal.reset();
  CHECK(folder.parsed().answer.text == "abc");
}

TEST_CASE("an answer that ends at once leaves no trace", "[journal]") {
  Folder folder;
  auto journal = folder.start();
  journal->add("quick");
  journal->remove();
  journal.reset();
  CHECK_FALSE(fs::exists(folder.folder()));
}

TEST_CASE("a second journal for a file gets another name, later the first name", "[journal]") {
  Folder folder;
  auto first = folder.start();
  first->add("one");
  folder.wait("one");
  auto second = folder.start();
  second->add("two");
  folder.wait("two", "a.journal.2");
  // A running answer's journal can be neither recovered nor discarded.
  CHECK(editor::recover_journal(folder.path(), "").error().code == ErrorCode::kNoJournal);
  editor::discard_journal(folder.path());
  CHECK(folder.has());
  first->remove();
  CHECK(folder.parsed().answer.text == "two");
  CHECK_FALSE(folder.has("a.journal.2"));
  second->remove();
  CHECK(fs::is_empty(folder.folder()));
}

TEST_CASE("a journal moves along when its chat is renamed", "[journal]") {
  Folder folder;
  auto first = folder.start();
  // Before the journal's file exists, and after.
  SECTION("early") {
    first->move(folder.path("b.journal"), true);
    first->add("one");
    folder.wait("one", "b.journal");
    CHECK_FALSE(folder.has());
  }
  SECTION("late") {
    first->add("one");
    folder.wait("one");
    auto second = folder.start();
    second->add("two");
    folder.wait("two", "a.journal.2");
    first->move(folder.path("b.journal"), true);
    CHECK(folder.parsed("b.journal").answer.text == "one");
    // The remaining journal takes the original name.
    CHECK(folder.parsed().answer.text == "two");
    // An existing journal is not overwritten.
    second->move(folder.path("b.journal"), true);
    CHECK(folder.parsed("b.journal.2").answer.text == "two");
    CHECK_FALSE(folder.has());
    second->remove();
    CHECK_FALSE(folder.has("b.journal.2"));
  }
  first->add(" and more");
  folder.wait("one and more", "b.journal");
  first->remove();
  CHECK(fs::is_empty(folder.folder()));
}

TEST_CASE("after a journal is recovered the next one takes its name", "[journal]") {
  Folder folder;
  auto first = folder.start();
  first->add("one");
  folder.wait("one");
  auto second = folder.start();
  second->add("two");
  folder.wait("two", "a.journal.2");
  first.reset();
  second.reset();
  SECTION("the first one") { editor::discard_journal(folder.path()); }
  SECTION("after a long time") {
    fs::last_write_time(folder.path(),
                        fs::file_time_type::clock::now() - std::chrono::hours(24 * 31));
    Journal last({folder.test.loop(), [] { return std::string(); }, {}}, folder.path("b.journal"),
                 header());
    last.add("three");
    folder.wait("three", "b.journal");
    last.remove();
  }
  CHECK(folder.parsed().answer.text == "two");
  CHECK_FALSE(folder.has("a.journal.2"));
}

TEST_CASE("an old journal is removed once the next answer has text", "[journal]") {
  Folder folder;
  auto journal = folder.start();
  journal->add("one");
  journal.reset();
  journal = folder.start();
  const auto end = loop::Clock::now() + std::chrono::milliseconds(300);
  folder.test.run_until([&] { return loop::Clock::now() > end; });
  CHECK(folder.parsed().answer.text == "one");
  journal->add("two");
  folder.wait("two");
  CHECK(folder.parsed().answer.text == "two");
}

TEST_CASE("chats without a file do not overwrite each other's journals", "[journal]") {
  Folder folder;
  JournalHeader unnamed = header();
  unnamed.file.clear();
  for (int i = 1; i <= 10; ++i) {
    auto journal = folder.start(unnamed);
    journal->add("answer " + std::to_string(i));
    journal.reset();
    const auto old = fs::file_time_type::clock::now() - std::chrono::hours(20 - i);
    if (i < 10)
      fs::last_write_time(folder.path(i == 1 ? "a.journal" : "a.journal." + std::to_string(i)),
                          old);
  }
  CHECK(folder.parsed().answer.text == "answer 10");
  CHECK(folder.parsed("a.journal.2").answer.text == "answer 2");
  CHECK(folder.failures.empty());
}

TEST_CASE("journals older than a month are removed, other files stay", "[journal]") {
  Folder folder;
  fs::create_directories(folder.folder());
  for (const char* name : {"old.journal", "new.journal", "other"}) {
    std::ofstream(folder.path(name)) << "x";
    const auto days = std::string(name) == "new.journal" ? 29 : 31;
    fs::last_write_time(folder.path(name),
                        fs::file_time_type::clock::now() - std::chrono::hours(24 * days));
  }
  auto journal = folder.start();
  journal->add("text");
  folder.wait("text");
  CHECK_FALSE(folder.has("old.journal"));
  CHECK((folder.has("new.journal") && folder.has("other")));
}

TEST_CASE("a journal that cannot be written reports one failure", "[journal]") {
  Folder folder;
  SECTION("no folder") { std::ofstream(folder.folder()) << "a file"; }
  SECTION("a link") {
    fs::create_directories(folder.folder());
    std::ofstream(folder.path("target")) << "precious";
    fs::create_symlink(folder.path("target"), folder.path());
  }
  SECTION("a folder of that name") { fs::create_directories(folder.path()); }
  auto journal = folder.start();
  for (int i = 0; i < 3; ++i) {
    journal->add("text");
    folder.test.run_until([&] { return folder.failures.size() == 1; });
  }
  journal->add("more");
  journal->remove();
  journal.reset();
  CHECK(folder.failures.size() == 1);
  if (folder.has("target")) CHECK(folder.read("target") == "precious");
}

TEST_CASE("a journal is offered once, and can be recovered repeatedly", "[journal]") {
  Folder folder;
  folder.ending = "\n\n# === USER ===\n\n";
  JournalHeader of;
  of.file = "/chat.md";
  of.lead.text = "Q";
  auto journal = folder.start(of);
  journal->add("\n\n# === ASSISTANT ===\n\nanswer");
  journal.reset();
  const std::string whole = "Q\n\n# === ASSISTANT ===\n\nanswer\n\n# === USER ===\n\n";
  // A document that already has all of the text gets no offer.
  CHECK(editor::offer_journal(folder.path(), whole).error().code == ErrorCode::kNoJournal);
  const auto offer = editor::offer_journal(folder.path(), "Q");
  REQUIRE(offer);
  CHECK(offer->at("characters") == 6);
  CHECK(offer->at("time").get<std::int64_t>() > 1700000000);
  CHECK(editor::offer_journal(folder.path(), "Q").error().code == ErrorCode::kNoJournal);
  CHECK(editor::recover_journal(folder.path(), whole)->at("lines").empty());
  const auto edit =
      editor::recover_journal(folder.path(), "Q\n\n# === ASSISTANT ===\n\nans\n\nmine");
  REQUIRE(edit);
  CHECK(edit->at("first") == 4);
  CHECK(edit->at("last") == 5);
  CHECK(edit->at("lines") == Json({"answer", "", "# === USER ===", "", ""}));
  const auto added = editor::recover_journal(folder.path(), "Q");
  CHECK((added->at("first") == 1 && added->at("last") == 1));
  editor::discard_journal(edit->at("journal"));
  CHECK_FALSE(folder.has());
  CHECK(editor::recover_journal(folder.path(), "Q").error().code == ErrorCode::kNoJournal);
}

}  // namespace
}  // namespace chatvim::store
