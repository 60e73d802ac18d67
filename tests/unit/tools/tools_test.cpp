// SPDX-License-Identifier: Apache-2.0
// Choosing tools, their labels, their pins, and the limits of their results.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "chatvim/text/utf8.hpp"
#include "chatvim/tools/choice.hpp"
#include "chatvim/tools/label.hpp"
#include "chatvim/tools/limit_result.hpp"
#include "chatvim/tools/pin.hpp"

namespace chatvim::tools {
namespace {

using Patterns = std::vector<std::string>;

bool chosen(const std::string& label, const std::string& pattern) {
  return is_chosen(label, Patterns{pattern});
}

Tool tool(const std::string& server, const std::string& name) {
  Tool made;
  made.server = server;
  made.name = name;
  return made;
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) +
         (text.ends_with('\n') || text.empty() ? 0 : 1);
}

void check_limits(const std::string& result) {
  CHECK(result.size() <= kMostResultBytes);
  CHECK(count_lines(result) <= kMostResultLines);
  CHECK_FALSE(text::find_invalid_utf8(result));
}

}  // namespace

TEST_CASE("patterns choose tools by server and name", "[tools]") {
  CHECK(chosen("files.read", "files"));
  CHECK(chosen("files.read", "files.read"));
  CHECK(chosen("files.read", "files.*"));
  CHECK(chosen("files.read", "*"));
  CHECK(chosen("files.read", "f?les.r*d"));
  CHECK(chosen("files.a/b.c", "files.a*c"));
  CHECK(chosen("files.a.b", "files.a.b"));
  CHECK_FALSE(chosen("files.read", "file"));
  CHECK_FALSE(chosen("files.read", "files.rea"));
  CHECK_FALSE(chosen("files.read", "files."));
  CHECK_FALSE(chosen("files2.read", "files"));
  CHECK_FALSE(chosen("other.files", "files"));
  CHECK_FALSE(chosen("files.read", ""));
  CHECK_FALSE(is_chosen("files.read", {}));
  CHECK(chooses_server("github", Patterns{"git*.x"}));
  CHECK_FALSE(chooses_server("github", Patterns{"files", "web.github"}));
  // Takes no time that is exponential in the number of stars.
  std::string stars;
  for (int i = 0; i < 100; ++i) stars += "*a";
  CHECK_FALSE(chosen("s." + std::string(5000, 'a') + "b", "s." + stars));
}

TEST_CASE("labels of tools are plain and unique", "[tools]") {
  CHECK(document_label("files", "read") == "files.read");
  CHECK(document_label("x", "a b/c\n`é") == "x.a_b_c____");
  CHECK(document_label("x", std::string(500, 'a')).size() == 200);
  std::vector<Tool> tools = {tool("x", "a_b"),
                             tool("x", "a b"),
                             tool("x", "a/b"),
                             tool("x", "c"),
                             tool("x", "c"),
                             tool("x", std::string(300, 'l') + "1"),
                             tool("x", std::string(300, 'l') + "2")};
  set_labels(tools);
  REQUIRE(tools.size() == 6);
  CHECK(tools[0].label == "x.a_b");
  CHECK(tools[1].label.starts_with("x.a_b-"));
  CHECK(tools[2].label.starts_with("x.a_b-"));
  CHECK(tools[1].label != tools[2].label);
  CHECK(tools[4].label != tools[5].label);
  CHECK(tools[4].label.size() == 200);
  std::vector<Tool> other = {tool("x", "a/b"), tool("x", "a_b")};
  set_labels(other);
  CHECK(other[0].label == tools[2].label);
}

TEST_CASE("the text of a pin has no two readings", "[tools]") {
  Tool one = tool("x", "n");
  one.description = "a\nschema:\n  {}";
  one.schema = R"({"type":"object"})";
  Tool other = one;
  other.description = "a";
  other.schema = "{}\n" + one.schema;
  CHECK(pin_text(one) != pin_text(other));
  CHECK(pin_text(one) ==
        "name:\n  n\ndescription:\n  a\n  schema:\n    {}\nschema:\n  {\n    \"type\": "
        "\"object\"\n  }\n");
  other = one;
  other.schema = R"({"type":"object","type":"object"})";
  CHECK(pin_text(one) != pin_text(other));
}

TEST_CASE("a result is clean and within its limits", "[tools]") {
  CHECK(limit_result("a\r\nb\rc\n") == "a\nb\nc");
  CHECK(limit_result(std::string("a\0b\xFF", 4)) ==
        "a\xE2\x90\x80"
        "b\xEF\xBF\xBD");
  CHECK(limit_result("").empty());
  const std::string full(kMostResultBytes, 'x');
  CHECK(limit_result(full) == full);

  const std::string long_line = limit_result(std::string(10U << 20U, 'x'));
  check_limits(long_line);
  CHECK(long_line.ends_with("more bytes in 1 more line left out]"));
  CHECK(long_line.size() > kMostResultBytes - 200);

  std::string lines;
  for (int i = 1; i <= 1500; ++i) lines += std::to_string(i) + "\n";
  const std::string cut = limit_result(lines);
  check_limits(cut);
  CHECK(cut.find("\n999\n[") != std::string::npos);
  CHECK(cut.ends_with("in 501 more lines left out]"));

  std::string wide;
  while (wide.size() < 100'000) wide += "漢字\xF0\x9F\x98\x80";
  check_limits(limit_result(wide));
  check_limits(limit_result(std::string(200'000, '\xE6')));
  check_limits(limit_result(std::string(5000, '\r')));
  check_limits(limit_result("short\n" + std::string(100'000, 'x')));
  CHECK(limit_result("short\n" + std::string(100'000, 'x')).size() > 30'000);
}

}  // namespace chatvim::tools
