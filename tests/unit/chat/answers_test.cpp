// SPDX-License-Identifier: Apache-2.0
// Edits of a chat: the answers of several models, choosing among them, and the title.
#include "chatvim/chat/answers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/text/lines.hpp"
#include "chatvim/text/time.hpp"

namespace chatvim::chat {

namespace {

std::optional<std::string> no_environment(std::string_view) { return std::nullopt; }

Chat chat_of(const std::vector<std::string_view>& lines) {
  auto reading = read_chat(lines, {}, no_environment);
  REQUIRE(reading.chat);
  return std::move(*reading.chat);
}

std::string applied(const std::vector<std::string_view>& lines, const LineEdit& edit) {
  std::vector<std::string> all(lines.begin(), lines.end());
  const auto at = [&all](std::size_t line) {
    return all.begin() + static_cast<std::ptrdiff_t>(line);
  };
  all.erase(at(edit.first), at(edit.last));
  all.insert(at(edit.first), edit.lines.begin(), edit.lines.end());
  std::string text;
  for (const std::string& line : all) text += (&line == &all.front() ? "" : "\n") + line;
  return text;
}

document::OtherAnswer answer(const std::string& model, const std::string& text) {
  document::OtherAnswer one;
  one.provenance.model = model;
  one.provenance.output = 3;
  one.text = text;
  return one;
}

std::string appended(std::string_view document, std::vector<document::OtherAnswer> answers) {
  const auto lines = text::split_buffer(document);
  const auto edit = append_answers(chat_of(lines), lines, std::move(answers));
  REQUIRE(edit);
  return applied(lines, *edit);
}

std::string titled(std::string_view document, std::string_view title) {
  const auto lines = text::split_buffer(document);
  const auto edit = set_title(lines, title);
  REQUIRE(edit);
  return applied(lines, *edit);
}

const std::string kNext = "\n\n# === USER ===\n\n";

}  // namespace

TEST_CASE("Answers of several models are appended as one answer", "[chat]") {
  const std::vector answers{answer("a/b", "One."), answer("c/d", " \n"), answer("e/f", "Two.")};
  const std::string end = "\n\n<details><summary>Answer: e/f</summary>\n\nTwo.\n\n";
  CHECK(appended("Hi", answers) ==
        "Hi\n\n# === ASSISTANT ===\n\nOne.\n\n"
        "<!-- chatvim:answer a/b -->" +
            end + "<!-- chatvim:answer e/f -->\n\n</details>" + kNext);
  CHECK(appended("+++\nprovenance = true\n+++\n# === USER ===\nHi\n\n# === ASSISTANT ===\n\n",
                 answers) ==
        "+++\nprovenance = true\n+++\n# === USER ===\nHi\n\n"
        "# === ASSISTANT ===\n\nOne.\n\n<!-- chatvim:answer a/b output=3 -->" +
            end + "<!-- chatvim:answer e/f output=3 -->\n\n</details>" + kNext);
  const auto edit = append_answers(chat_of({"Hi", ""}), std::vector<std::string_view>{"Hi", ""},
                                   {answer("a/b", "One.")});
  CHECK(edit->first == 2);  // the lines above are left alone
}

TEST_CASE("Answers that have nowhere to go are refused", "[chat]") {
  const auto code = [](std::string_view document, std::vector<document::OtherAnswer> answers) {
    const auto lines = text::split_buffer(document);
    return append_answers(chat_of(lines), lines, std::move(answers)).error().code;
  };
  CHECK(code("Hi\n# === ASSISTANT ===\nYo", {answer("a/b", "x")}) == ErrorCode::kNothingToAnswer);
  CHECK(code("", {answer("a/b", "x")}) == ErrorCode::kEmptyChat);
  CHECK(code("Hi", {}) == ErrorCode::kBadArguments);
  CHECK(code("Hi", {answer("a/b", " "), answer("c/d", "x")}) == ErrorCode::kBadArguments);
}

TEST_CASE("Another answer is chosen by a line edit", "[chat]") {
  const std::string document =
      appended("Hi", {answer("a/b", "One."), answer("c/d", "Two."), answer("e/f", "Three.")});
  const auto lines = text::split_buffer(document);
  const auto edit = choose_answer(chat_of(lines), lines, 16);
  REQUIRE(edit);
  CHECK(applied(lines, *edit) ==
        appended("Hi", {answer("e/f", "Three."), answer("c/d", "Two."), answer("a/b", "One.")}));
  const auto none = choose_answer(chat_of(lines), lines, static_cast<std::size_t>(-1));
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::kBadArguments);
  CHECK(none.error().message.starts_with("Put the cursor on another answer"));
}

TEST_CASE("A title is one line of the front matter", "[chat]") {
  CHECK(titled("Hi", " The sky\n") == "+++\ntitle = \"The sky\"\n+++\n\nHi");
  CHECK(titled("---\nmodel: m\n---\nHi", "a: \"b\" \\c") ==
        "---\ntitle: \"a: \\\"b\\\" \\\\c\"\nmodel: m\n---\nHi");
  CHECK(titled("+++\ntitle = 'old'\n+++\nHi", "new") == "+++\ntitle = 'new'\n+++\nHi");
  CHECK(titled("Hi", "a\nb\x1B[1m") == "+++\ntitle = \"a b[1m\"\n+++\n\nHi");
  const std::string longer(300, 'x');
  CHECK(titled("Hi", longer).starts_with("+++\ntitle = \"" + std::string(199, 'x') + "…\""));
  CHECK_FALSE(set_title({}, " \n\x01"));
}

TEST_CASE("A title of another program is not a mistake", "[chat]") {
  for (const std::string_view value : {"2026", "[a, b]", "true"}) {
    const std::string document = "---\ntitle: " + std::string(value) + "\nmodel: m\n---\nHi";
    const auto lines = text::split_buffer(document);
    CHECK_FALSE(chat_of(lines).settings.string("title"));
    CHECK(titled(document, "x").find("title: ") != std::string::npos);
  }
  const auto given = settings::check_layer({{"title", 5}}, settings::Scope::kConfiguration, "");
  CHECK_FALSE(given.usable());
}

TEST_CASE("A time is written in UTC", "[chat]") {
  CHECK(text::utc_time(0) == "1970-01-01T00:00:00Z");
  CHECK(text::utc_time(1'795'976'405) == "2026-11-29T18:20:05Z");
  CHECK(text::utc_time(-1) == "1969-12-31T23:59:59Z");
  CHECK(text::utc_time(951'782'399) == "2000-02-28T23:59:59Z");
  CHECK(text::utc_time(253'402'300'799) == "9999-12-31T23:59:59Z");
  CHECK(text::utc_time(253'402'300'800).empty());
}

}  // namespace chatvim::chat
