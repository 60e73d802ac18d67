// SPDX-License-Identifier: Apache-2.0
// The table of messages: how fields are checked, and the tables of doc/protocol.md, which are made
// from it. With CHATVIM_REWRITE=1 they are written anew.
#include "editor/protocol.hpp"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

namespace chatvim::editor {
namespace {

const std::string kPage = std::string(CHATVIM_TEST_DATA) + "/../../doc/protocol.md";
constexpr std::string_view kMark = "<!-- fields -->\n";

std::string read_page() {
  std::ifstream stream(kPage, std::ios::binary);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string table_of(std::span<const Field> fields, bool has_chat) {
  std::string table = "\n| field | type | meaning |\n| --- | --- | --- |\n";
  for (const Field& field : fields) {
    table += fmt::format("| `{}`{} | {} | {} |\n", field.name, field.required ? "" : " ?",
                         name_of(field.type), field.meaning);
  }
  return table + (has_chat ? "| | | and the [shared](#shared-fields) fields |\n" : "");
}

/// The page with the table after the heading replaced.
std::string replace_table(const std::string& page, const std::string& heading,
                          const std::string& table) {
  INFO(heading);
  const std::size_t section = page.find(heading);
  REQUIRE(section != std::string::npos);
  const std::size_t mark = page.find(kMark, section);
  REQUIRE(mark < page.find("\n##", section + heading.size()));
  const std::size_t start = mark + kMark.size();
  std::size_t end = start;
  while (page.compare(end, 1, "\n") == 0 || page.compare(end, 1, "|") == 0) {
    if (end > start + 1 && page[end] == '\n') break;
    end = page.find('\n', end) + 1;
  }
  const std::string rest = page.substr(end);
  return page.substr(0, start) + table + (rest.starts_with('\n') ? "" : "\n") + rest;
}

const MessageType& type_of(std::string_view name) {
  for (const MessageType& type : message_types()) {
    if (type.name == name) return type;
  }
  FAIL("no message " << name);
  return message_types().front();
}

std::string problem_of(std::string_view name, const Json& map) {
  const auto checked = check_message(type_of(name), map);
  return checked ? "" : checked.error().message;
}

}  // namespace

TEST_CASE("the page of the protocol has the table of each message's fields", "[docs]") {
  const std::string page = read_page();
  std::string wanted =
      replace_table(page, "\n## Shared fields\n", table_of(shared_fields(), false));
  for (const MessageType& type : message_types()) {
    wanted = replace_table(wanted, fmt::format("\n### `{}`\n", type.name),
                           table_of(type.fields, type.has_chat));
  }
  if (std::getenv("CHATVIM_REWRITE") != nullptr) std::ofstream(kPage, std::ios::binary) << wanted;
  CHECK(read_page() == wanted);
}

TEST_CASE("a required field that is missing or of another type is named", "[protocol]") {
  CHECK(problem_of("acknowledge", {{"id", 1}, {"sequence", 2}}).empty());
  CHECK(problem_of("acknowledge", {{"sequence", 2}}) == "the field id must be a whole number");
  CHECK(problem_of("acknowledge", {{"id", 1.5}, {"sequence", 2}}) ==
        "the field id must be a whole number");
  CHECK(problem_of("acknowledge", {{"id", 1}, {"sequence", nullptr}}) ==
        "the field sequence must be a whole number");
  CHECK(problem_of("request", {{"id", 1}, {"text", 3}}) == "the field text must be a string");
  CHECK(problem_of("chats", {{"id", 1}, {"folder", "/a"}}) == "the field text must be a string");
}

TEST_CASE("an optional field of another type counts as missing", "[protocol]") {
  const Json map = {{"id", 1},        {"text", ""},     {"file", 3},           {"folder", nullptr},
                    {"allow", "all"}, {"buffers", {1}}, {"settings", nullptr}, {"asks", "yes"}};
  CHECK(problem_of("complete", map).empty());
  const Message message(map);
  CHECK(message.text("file").empty());
  CHECK(message.texts("allow").empty());
  const auto origin = message.origin();
  CHECK_FALSE(origin.asks);
  CHECK(origin.file.empty());
  CHECK(origin.buffers.empty());
  CHECK(message.settings().diagnostics.empty());
  CHECK(message.mode() == chat::Mode::kAnswer);
}

TEST_CASE("an unknown mode is an error that names the modes", "[protocol]") {
  const Json map = {{"mode", "again"}};
  const auto mode = Message(map).mode();
  REQUIRE_FALSE(mode);
  CHECK(mode.error().message == "the field mode must be \"answer\", \"continue\" or \"retry\"");
  CHECK(Message(Json{{"mode", "retry"}}).mode() == chat::Mode::kRetry);
}

}  // namespace chatvim::editor
