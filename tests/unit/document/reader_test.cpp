// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chatvim/document/reader.hpp"
#include "chatvim/text/lines.hpp"
#include "document_support.hpp"

namespace chatvim::document {
namespace {

using testing::buffer_lines;
using testing::messages_of;
using Messages = std::vector<Message>;

std::string test_data(const std::string& name) {
  std::ifstream in(std::string(CHATVIM_TEST_DATA) + "/" + name, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

Messages read_file(const std::string& file, const Format& format) {
  const auto lines = text::split_file(file);
  return read_messages(std::span(lines).subspan(find_front_matter(lines).body_line), format);
}

TEST_CASE("documents give their messages", "[document]") {
  const auto cases = nlohmann::json::parse(test_data("document-cases.json"));
  REQUIRE(cases.size() > 30);
  for (const auto& one : cases) {
    if (!one.contains("messages")) {
      continue;  // what is refused is refused for its settings
    }
    Format format;
    const auto settings = one.value("settings", nlohmann::json::object());
    format.user_delimiter = settings.value("userDelimiter", format.user_delimiter);
    format.assistant_delimiter = settings.value("assistantDelimiter", format.assistant_delimiter);
    Messages expected;
    for (const auto& message : one["messages"]) {
      const auto role = message["role"].get<std::string>();
      expected.push_back({role == "user"     ? Role::kUser
                          : role == "system" ? Role::kSystem
                                             : Role::kAssistant,
                          message["content"].get<std::string>()});
    }
    CAPTURE(one["name"].get<std::string>());
    if (one.contains("document")) {
      CHECK(read_file(one["document"].get<std::string>(), format) == expected);
      continue;
    }
    const auto buffer = one["document_lines"].get<std::vector<std::string>>();
    const std::vector<std::string_view> lines(buffer.begin(), buffer.end());
    CHECK(read_messages(std::span(lines).subspan(find_front_matter(lines).body_line), format) ==
          expected);
  }
}

TEST_CASE("a file with mixed line ends is the same in a buffer", "[document]") {
  const auto file = test_data("mixed-line-ends.md");
  // As Neovim holds it: one bare LF keeps the `\r` of all other lines.
  const auto lines = text::split_buffer(file);
  const auto front = find_front_matter(lines);
  CHECK(front.kind == FrontMatterKind::kYaml);
  CHECK(front.text == "model: x/m\n");
  const auto messages = read_messages(std::span(lines).subspan(front.body_line), Format());
  CHECK(messages == Messages{{Role::kUser, "Hi"}, {Role::kAssistant, "Ho"}, {Role::kUser, "More"}});
  CHECK(messages == read_file(file, Format()));
}

TEST_CASE("a real chat gives three messages", "[document]") {
  const auto file = test_data("seed-chat.md");
  const auto front = find_front_matter(text::split_file(file));
  CHECK(front.kind == FrontMatterKind::kToml);
  CHECK(front.text == "model = \"grok-3\"\n");
  CHECK(front.body_line == 3);
  const auto messages = read_file(file, {});
  REQUIRE(messages.size() == 3);
  CHECK(messages[0].role == Role::kUser);
  CHECK(messages[1].role == Role::kAssistant);
  CHECK(messages[1].content.starts_with("Yes, it is possible"));
  CHECK(messages[2] == Message{Role::kUser, "what is 1 + 1?"});
}

TEST_CASE("front matter is found on the first line only, and only closed", "[document]") {
  struct Case {
    std::string buffer;
    FrontMatterKind kind;
    std::string text;
    std::size_t body_line;
  };
  const Case cases[] = {
      {"", FrontMatterKind::kNone, "", 0},
      {"---", FrontMatterKind::kNone, "", 0},
      {"---\na: b\n+++\nx", FrontMatterKind::kNone, "", 0},
      {"---\na: b\n+++\nx\n---", FrontMatterKind::kYaml, "a: b\n+++\nx\n", 5},
      {"--- \t\na: b\n---  \nx", FrontMatterKind::kYaml, "a: b\n", 3},
      {"+++\n+++", FrontMatterKind::kToml, "", 2},
      {"+++\na\n\n+++\n+++", FrontMatterKind::kToml, "a\n\n", 4},
      {" ---\na: b\n---", FrontMatterKind::kNone, "", 0},
      {"---x\na: b\n---", FrontMatterKind::kNone, "", 0},
      {"---\na: b\n ---\n----", FrontMatterKind::kNone, "", 0},
  };
  for (const Case& one : cases) {
    CAPTURE(one.buffer);
    const auto front = find_front_matter(buffer_lines(one.buffer));
    CHECK(front.kind == one.kind);
    CHECK(front.text == one.text);
    CHECK(front.body_line == one.body_line);
  }
}

TEST_CASE("a delimiter line is the delimiter and white space", "[document]") {
  const Format format;
  CHECK(delimiter_role("# === USER ===", format) == Role::kUser);
  CHECK(delimiter_role("# === SYSTEM ===\t ", format) == Role::kSystem);
  CHECK(delimiter_role("# === ASSISTANT ===", format) == Role::kAssistant);
  CHECK(delimiter_role("# === USER === \r", format) == Role::kUser);
  for (const auto* line : {"", " ", "# === USER ==", "# === USER ====", " # === USER ===",
                           "\\# === USER ===", "# === USER ===\rx", "# === User ==="}) {
    CAPTURE(line);
    CHECK_FALSE(delimiter_role(line, format));
  }
}

TEST_CASE("escapes are taken away where they count", "[document]") {
  struct Case {
    std::string buffer;
    Messages messages;
  };
  const Case cases[] = {
      {"\\# === USER ===  ", {{Role::kUser, "# === USER ===  "}}},
      {"\\ # === USER ===", {{Role::kUser, "\\ # === USER ==="}}},
      {"\\# === USER === x", {{Role::kUser, "\\# === USER === x"}}},
      {"# === ASSISTANT "
       "===\n\\\\<details><summary>Reasoning</summary>\n\\<details><summary>Reasoning</summary>",
       {{Role::kAssistant,
         "\\<details><summary>Reasoning</summary>\n\\<details><summary>Reasoning</summary>"}}},
      {"# === USER ===\n\\<details><summary>Reasoning</summary>",
       {{Role::kUser, "\\<details><summary>Reasoning</summary>"}}},
      {"# === ASSISTANT ===\n\n<details><summary>Reasoning</summary>  \nx\n</details>\t\n\n"
       "\\<details><summary>Reasoning</summary>\n\\</details>",
       {{Role::kAssistant, "<details><summary>Reasoning</summary>\n\\</details>"}}},
      {"# === ASSISTANT ===\nx\n<details><summary>Reasoning</summary>\ny\n</details>",
       {{Role::kAssistant, "x\n<details><summary>Reasoning</summary>\ny\n</details>"}}},
      {"# === ASSISTANT ===\n<details><summary>Reasoning</summary>\ny\n</details>\n\n# === USER "
       "===",
       {}},
      {"# === ASSISTANT ===\n<details><summary>Reasoning</summary>\ny\n# === USER ===\n</details>",
       {{Role::kAssistant, "<details><summary>Reasoning</summary>\ny"},
        {Role::kUser, "</details>"}}},
      {"---\nx\n\\---\n\\\\--- \n\\+++", {{Role::kUser, "---\nx\n---\n\\--- \n\\+++"}}},
      {"x\n\\---", {{Role::kUser, "x\n\\---"}}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.buffer);
    CHECK(messages_of(one.buffer) == one.messages);
  }
}

TEST_CASE("delimiters may begin with backslashes and be escaped forms of one another",
          "[document]") {
  Format format;
  format.user_delimiter = "x";
  format.assistant_delimiter = "\\x";
  format.system_delimiter = "\\";
  CHECK(messages_of("a\n\\x\nb\nx\nc\n\\\nd", format) ==
        Messages{
            {Role::kUser, "a"}, {Role::kAssistant, "b"}, {Role::kUser, "c"}, {Role::kSystem, "d"}});
  CHECK(messages_of("\\\\x\n\\\\\\x\n\\\\\n\\\\\\", format) ==
        Messages{{Role::kUser, "x\n\\x\n\\\n\\\\"}});
}

TEST_CASE("the tail says what ends a document", "[document]") {
  struct Case {
    std::string buffer;
    std::optional<Role> under;
    std::string white_space;
  };
  const Case cases[] = {
      {"", std::nullopt, ""},
      {"  ", std::nullopt, "  "},
      {"\n\t\n", std::nullopt, "\n\t\n"},
      {"q", std::nullopt, ""},
      {"q  ", std::nullopt, "  "},
      {"q \n\n ", std::nullopt, " \n\n "},
      {"q\n# === ASSISTANT ===", Role::kAssistant, ""},
      {"q\n# === ASSISTANT === \n\t\n", Role::kAssistant, " \n\t\n"},
      {"q\n# === USER ===\n", Role::kUser, "\n"},
      {"q\n\\# === ASSISTANT ===\n", std::nullopt, "\n"},
      {"---\nx: |\n# === ASSISTANT ===\n---\n\n", std::nullopt, "\n\n"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.buffer);
    const auto tail = read_tail(buffer_lines(one.buffer), {});
    CHECK(tail.under == one.under);
    CHECK(tail.white_space == one.white_space);
    CHECK(tail.empty == one.buffer.empty());
  }
  Format format;
  format.assistant_delimiter = "---";
  CHECK_FALSE(read_tail(buffer_lines("---\nx: y\n---"), format).under);
  CHECK(read_tail(buffer_lines("+++\nx = 1\n+++\n---"), format).under == Role::kAssistant);
  CHECK(read_tail(std::vector<std::string_view>{}, {}).empty);
}

}  // namespace
}  // namespace chatvim::document
