// SPDX-License-Identifier: Apache-2.0
// Fragments whose ends stand elsewhere too: found by made-up edits with other seeds than those of
// the tests.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "chatvim/patch/edits.hpp"

namespace chatvim::patch::near_ends_test {
namespace {

/// Returns the refusal, or "" if the block is applied.
std::string refusal(const std::string& file, const std::string& block) {
  const auto edits = find_edits(file, {block, Kind::kText});
  return edits ? "" : edits.error().message;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a fragment does not remove what could be its own end", "[patch]") {
  const std::string file =
      "int a(void) {\n  first();\n  p();\n  q();\n  r();\n  return n;\n\n  extra();\n}\n\n"
      "int b(void) {\n  other();\n  return n;\n}\n\nint c(void) {\n  last();\n}\n"
      "int d(void) {\n  e();\n}\nint f(void) {\n  g();\n}";
  const std::string block =
      "int a(void) {\n  first();\n  p();\n  changed();\n  r();\n  return n;\n}\n";
  CHECK(contains(refusal(file, block), "Its first or last lines stand there more than once"));
}

TEST_CASE("a unit that could end with the next one is refused", "[patch]") {
  const std::string file =
      "int head;\nint two;\nint three;\n\nint a(void) {\n  step();\n  step();\n}\n\nint b(void) {\n"
      "  step();\n  step();\n}\n\nint tail;\nint more;\nint most;\nint end;";
  // Two lines more in `a`, or `a` without its end and the head of `b`.
  const std::string block = "int a(void) {\n  step();\n  step();\n  step();\n  step();\n}";
  CHECK_FALSE(refusal(file, block).empty());
}

TEST_CASE("a last line that stands there twice is no end for a single first one", "[patch]") {
  const std::string file =
      "zero\none\nrow\n  old\n  gone\n  words\n  same\n  same\n  text\n  more\nend\nlast\nfinal";
  CHECK(contains(refusal(file, "row\n  new\n  same\n  words\n  same\n  same"),
                 "Its first or last line stands there twice"));
}

TEST_CASE("a block that fits with its own indentation and with another is refused", "[patch]") {
  const std::string file =
      "<div>\n    <ul>\n      <li>one</li>\n    </ul>\n  <ul>\n    <li>a</li>\n    <li>b</li>\n"
      "    <li>c</li>\n    <li>d</li>\n    <li>e</li>\n  </ul>\n</div>\n<p>x</p>\n<p>y</p>\n"
      "<p>z</p>\n<p>w</p>\n<p>v</p>\n<p>u</p>\n<p>t</p>\n<p>s</p>";
  const std::string block =
      "    <ul>\n      <li>a</li>\n      <li>b</li>\n      <li>new</li>\n      <li>d</li>\n"
      "      <li>e</li>\n    </ul>";
  CHECK(contains(refusal(file, block), "With its indentation it fits more than one place"));
}

}  // namespace chatvim::patch::near_ends_test
