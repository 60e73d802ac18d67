// SPDX-License-Identifier: Apache-2.0
// What a block means for a file: the rules, one by one.
#include "chatvim/patch/edits.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "answers.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::patch {
namespace {

const std::string kFile =
    "#include <stdio.h>\n"
    "\n"
    "static int parse(int n) {\n"
    "  if (n > 1) {\n"
    "    puts(\"many\");\n"
    "  }\n"
    "  return n;\n"
    "}\n"
    "\n"
    "static int render(int n) {\n"
    "  puts(\"render\");\n"
    "  return n;\n"
    "}\n"
    "\n"
    "int main(void) {\n"
    "  parse(1);\n"
    "  render(2);\n"
    "  return 0;\n"
    "}";

/// Returns the file after a block is applied, or "refused: " and the clause.
std::string applied(const std::string& file, const Proposal& proposal) {
  const auto edits = find_edits(file, proposal);
  if (!edits) return "refused: " + edits.error().message;
  const auto lines = text::split_buffer(file);
  return testing::joined_lines(testing::apply_found({lines.begin(), lines.end()}, *edits));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  REQUIRE(text.find(from) != std::string::npos);
  return text.replace(text.find(from), from.size(), to);
}

bool is_refused(const std::string& file, const Proposal& proposal, const std::string& why) {
  const std::string result = applied(file, proposal);
  INFO(result);
  return result.starts_with("refused: ") && result.find(why) != std::string::npos;
}

}  // namespace

TEST_CASE("a function replaces the one with its first and last line", "[patch]") {
  const std::string block =
      "static int render(int n) {\n  puts(\"new\");\n  flush();\n  return n + 1;\n}";
  CHECK(applied(kFile, {block}) == replaced(kFile, "  puts(\"render\");\n  return n;",
                                            "  puts(\"new\");\n  flush();\n  return n + 1;"));
  // The same without its end, whose line several functions have.
  CHECK(is_refused(kFile, {"static int render(int n) {\n  return n;"}, "more than once"));
  CHECK(is_refused(kFile, {"static int paint(int n) {\n  return n;\n}"}, "not in the file"));
}

TEST_CASE("an empty file gets the block as it is", "[patch]") {
  CHECK(applied("", {"int a;\n\nint b;"}) == "int a;\n\nint b;");
  CHECK(applied("\n", {"@@ -0,0 +1,2 @@\n+a\n+b", Kind::kDiff}) == "a\nb");
  CHECK(is_refused("", {"int a;\n// ... existing code ..."}, "leaves code out"));
  CHECK(is_refused("", {"\n"}, "no text"));
}

TEST_CASE("a whole file is recognized by its ends", "[patch]") {
  const std::string whole = replaced(kFile, "render(2)", "render(3)");
  CHECK(applied(kFile, {whole}) == whole);
  const std::string longer = "// License\n" + whole + "\n\nint more;";
  CHECK(applied(kFile, {longer}) == longer);
  // Its last function is missing: it may be the beginning, and nothing else may go.
  const std::string cut = whole.substr(0, whole.find("\n\nint main"));
  CHECK(is_refused(kFile, {replaced(cut, "many", "MANY")}, "may be the whole file"));
  CHECK(is_refused(kFile, {kFile}, "has this code already"));
}

TEST_CASE("a block replaces the lines that the user quoted", "[patch]") {
  const std::string quoted = "  puts(\"render\");\n  return n;";
  CHECK(applied(kFile, {"  return 2 * n;", Kind::kText, quoted}) ==
        replaced(kFile, quoted, "  return 2 * n;"));
  // The lines are there twice: then only the block itself can say where it belongs.
  CHECK(is_refused(kFile, {"  return 5;", Kind::kText, "  return n;"}, "not in the file"));
  // The block is more than the quote, and shows where it belongs.
  const std::string more = "static int render(int n) {\n  puts(\"r\");\n  return n;\n}";
  CHECK(applied(kFile, {more, Kind::kText, "  puts(\"render\");"}) ==
        replaced(kFile, "\"render\"", "\"r\""));
  // It may be all of the quote or a part of it.
  const std::string function =
      "static int parse(int n) {\n  if (n > 1) {\n    puts(\"many\");\n  }\n"
      "  return n;\n}";
  CHECK(is_refused(kFile, {"  if (n > 1) {\n    puts(\"lots\");\n  }", Kind::kText, function},
                   "only some of them"));
}

TEST_CASE("lines for omitted code divide a block and are not written", "[patch]") {
  const std::string block =
      "#include <stdio.h>\n"
      "\n"
      "// ... existing code ...\n"
      "\n"
      "static int render(int n) {\n"
      "  puts(\"new\");\n"
      "  return n;\n"
      "}\n"
      "\n"
      "/* rest of the file unchanged */";
  CHECK(applied(kFile, {block}) == replaced(kFile, "\"render\"", "\"new\""));
  // Few lines are enough if they are the file's end and only add to it.
  const std::string file = "int f(int n) {\n  for (;;) {\n    n = g(n);\n  }\n  return n;\n}";
  CHECK(applied(file, {"// ...\n  }\n  done();\n  return n;\n}"}) ==
        replaced(file, "  return n;", "  done();\n  return n;"));
  // New code between two such lines has no place.
  CHECK(is_refused(kFile, {"int fresh;\n// ...\nint other;"}, "not in the file"));
  const std::string dots = replaced(kFile, "  parse(1);", "  // ...");
  CHECK(is_refused(dots, {"int main(void) {\n  // ...\n  return 1;\n}"}, "has it too"));
}

TEST_CASE("a line for omitted code that the file has too is code between the same lines",
          "[patch]") {
  const std::string dots = replaced(kFile, "  parse(1);", "  // ...");
  CHECK(applied(dots, {"int main(void) {\n  // ...\n  render(2);\n  return 1;\n}"}) ==
        replaced(dots, "return 0;", "return 1;"));
  const std::string wanted = replaced(dots, "\"many\"", "\"few\"");
  CHECK(applied(dots, {wanted}) == wanted);
  // What follows the line is missing: the code below it may have been left out or removed.
  CHECK(is_refused(dots, {replaced(wanted, "  // ...\n  render(2);\n", "  // ...\n")},
                   ":ChatvimSend"));
}

TEST_CASE("a block with another indentation gets that of the file", "[patch]") {
  CHECK(applied(kFile, {"if (n > 1) {\n  puts(\"lots\");\n}"}) == replaced(kFile, "many", "lots"));
  const std::string python =
      "class A:\n    def one(self):\n        x = 1\n        return x\n\n    def two(self):\n"
      "        y = 2\n        return y";
  CHECK(applied(python, {"def one(self):\n    x = 3\n    return x"}) ==
        replaced(python, "x = 1", "x = 3"));
  const std::string tabs =
      "func a() {\n\tone()\n\tif two() {\n\t\tthree()\n\t}\n\tfour()\n}\n\nfunc b() {\n\tsix()\n}";
  CHECK(applied(tabs, {"    one()\n    if two() {\n        five()\n    }\n    four()"}) ==
        replaced(tabs, "three", "five"));
  CHECK(is_refused(python, {"def one(self):\n  x = 1\n    z = 2\n    return x"}, "same amount"));
}

TEST_CASE("a block that has kept some of its indentation is not moved to the right", "[patch]") {
  const std::string file =
      "void f(int n) {\n  if (n > 1) {\n" +
      std::string("    int a = 1;\n    int b = 2;\n    use(a, b);\n    drop(a);\n  }\n}");
  CHECK(applied(file, {"int a = 1;\nint b = 2;\nmore();\nuse(a, b);\ndrop(a);"}) ==
        replaced(file, "    use", "    more();\n    use"));
  CHECK(is_refused(file, {"  int a = 1;\n  int b = 2;\n  more();\n  use(a, b);\n  drop(a);"},
                   "not in the file"));
}

TEST_CASE("another indentation at the same place is no second place", "[patch]") {
  // The file mixes tabs and spaces, so the block fits with its tabs read as spaces too.
  const std::string file = "void f(int n) {\n\tg(n);\n        h(n);\n\tdone(n);\n}";
  const std::string wanted = replaced(file, "g(n)", "g(n + 1)");
  CHECK(applied(file, {wanted}) == wanted);
  const std::string longer = "int a;\nint b;\nint c;\n\n" + file + "\n\nint d;\nint e;\nint k;";
  CHECK(applied(longer, {wanted}) == replaced(longer, "g(n)", "g(n + 1)"));
}

TEST_CASE("white space at the ends of lines does not matter", "[patch]") {
  const std::string spaced = replaced(kFile, "render(int n) {", "render(int n) {  ");
  CHECK(applied(spaced, {"static int render(int n) {\n  puts(\"new\");\n  return n;\n}"}) ==
        replaced(spaced, "\"render\"", "\"new\""));
}

TEST_CASE("more than a block shows is not removed", "[patch]") {
  std::string file = "begin here\n";
  for (int i = 0; i < 30; ++i) file += "line " + std::to_string(i) + "\n";
  file += "end here\n";
  const Proposal gap{"begin here\nline 0\nline 1\nline 28\nline 29\nend here"};
  CHECK(is_refused(file, gap, ":ChatvimSend"));
}

TEST_CASE("a block that only brings a line from elsewhere in the file is refused", "[patch]") {
  const std::string file =
      "void f(void) {\n  a(1);\n  b(2);\n  c(\"f\");\n  d(3);\n  e(4);\n}\n\n" +
      std::string("void g(void) {\n  if (x) return;\n  c(\"g\");\n}");
  CHECK(is_refused(file, {"  a(1);\n  b(2);\n  c(\"g\");\n  d(3);\n  e(4);"}, "repeats lines"));
  CHECK(applied(file, {"  a(1);\n  b(2);\n  c(\"h\");\n  d(3);\n  e(4);"}) ==
        replaced(file, "c(\"f\")", "c(\"h\")"));
}

TEST_CASE("what cannot say where it belongs is refused", "[patch]") {
  CHECK(is_refused(kFile, {"}"}, "too small"));
  CHECK(is_refused(kFile, {"\n\n"}, ":ChatvimSend"));
  CHECK(is_refused(kFile, {"{\n\n}"}, ":ChatvimSend"));
  CHECK(is_refused(kFile, {"  return n;\n  x();\n}"}, "more than once"));
}

TEST_CASE("a block from the middle of a file to its end is a part of it", "[patch]") {
  const std::string tail = kFile.substr(kFile.find("  puts(\"render"));
  const std::string changed = replaced(tail, "  parse(1);\n", "  parse(1);\n  more();\n");
  CHECK(applied(kFile, {changed}) == replaced(kFile, tail, changed));
  // Without indentation it may be the whole file that has lost its top.
  const std::string functions = kFile.substr(kFile.find("static int render"));
  CHECK(is_refused(kFile, {replaced(functions, "parse(1);\n", "parse(1);\n  more();\n")},
                   "may be the whole file"));
}

TEST_CASE("a block is in the file already only if that is certain", "[patch]") {
  const auto already = "has this code already";
  CHECK(is_refused(kFile, {"  puts(\"render\");\n  return n;\n}"}, already));
  CHECK(is_refused(kFile, {"// ...\n  puts(\"render\");\n  return n;\n}\n// ..."}, already));
  CHECK(is_refused("int a;", {"int a;"}, already));
  // A line, here or at another depth, may be meant for another place.
  CHECK(is_refused(kFile, {"  render(2);"}, "too small"));
  CHECK(is_refused(kFile, {"render(2);"}, "too small"));
  CHECK(is_refused(kFile, {"    return n;\n  }"}, "too small"));
  CHECK(is_refused(kFile, {"// ...\n  render(2);\n// ..."}, "too small"));
  CHECK(
      is_refused(kFile, {"if (n > 1) {\n  puts(\"many\");\n}\nreturn n;"}, "another indentation"));
}

TEST_CASE("a block that is known to be the whole file replaces all of it", "[patch]") {
  CHECK(applied("a\nb\nc", {"a\nB\nc", Kind::kWhole}) == "a\nB\nc");
  CHECK(applied(kFile, {"int main(void) {}", Kind::kWhole}) == "int main(void) {}");
  CHECK(applied("", {"a", Kind::kWhole}) == "a");
  CHECK(is_refused("a\nb", {"a\nb", Kind::kWhole}, "already"));
  CHECK(is_refused("a\nb", {"", Kind::kWhole}, "no text"));
  CHECK(is_refused("a\nb", {"a\n// ... rest of the file", Kind::kWhole}, "leaves code out"));
  CHECK(applied("a\n# ...\nb", {"a\n# ...\nc", Kind::kWhole}) == "a\n# ...\nc");
}

TEST_CASE("a refusal names its reason first", "[patch]") {
  const auto found = find_edits(kFile, {"  render(2);"});
  REQUIRE_FALSE(found);
  CHECK(found.error().message.starts_with("It is too small to say where it belongs. Select "));
}

TEST_CASE("a large file takes milliseconds", "[patch]") {
  std::string file;
  for (int i = 0; i < 100000; ++i) {
    file += i % 3 == 0 ? "\n" : i % 3 == 1 ? "}\n" : "  call(" + std::to_string(i) + ");\n";
  }
  const auto begin = std::chrono::steady_clock::now();
  CHECK(applied(file, {"  call(299);\n\n}\n  other();\n\n}\n  call(305);"}) ==
        replaced(file, "  call(302);", "  other();"));
  CHECK(is_refused(file, {"}\n\n}"}, ":ChatvimSend"));
  CHECK(is_refused(file, {"-}\n+x", Kind::kDiff}, ":ChatvimSend"));
  const auto took = std::chrono::steady_clock::now() - begin;
  // A few tens of milliseconds; quadratic work would take minutes.
  CHECK(took < std::chrono::seconds(10));
}

}  // namespace chatvim::patch
