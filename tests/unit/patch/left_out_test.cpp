// SPDX-License-Identifier: Apache-2.0
// Blocks that show only a part of what they stand for: what they leave out must not be lost.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "answers.hpp"
#include "chatvim/patch/edits.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::patch {
namespace {

const std::string kRust =
    "impl Stack {\n    pub fn new() -> Self {\n        Stack { items: Vec::new() }\n    }\n\n"
    "    pub fn push(&mut self, item: i32) {\n        self.items.push(item);\n    }\n\n"
    "    pub fn len(&self) -> usize {\n        self.items.len()\n    }\n}";

const std::string kGo =
    "func NewStore(path string) *Store {\n\ts := &Store{path: path}\n\treturn s\n}\n\n"
    "func (s *Store) Len() int {\n\treturn len(s.items)\n}\n\n"
    "func (s *Store) Add(name string) {\n\ts.items[name]++\n}";

const std::string kCart =
    "class Cart {\n  add(item) {\n    this.items.push(item);\n  }\n\n  total() {\n"
    "    return this.items.length;\n  }\n\n  clear() {\n    this.items = [];\n  }\n}\n\n"
    "module.exports = Cart;\n";

std::string outcome(const std::string& file, const Proposal& proposal) {
  const auto edits = find_edits(file, proposal);
  if (!edits) return "refused: " + edits.error().message;
  const auto lines = text::split_buffer(file);
  return testing::joined_lines(testing::apply_found({lines.begin(), lines.end()}, *edits));
}

void check_refused(const std::string& file, const Proposal& proposal, const std::string& why) {
  const std::string result = outcome(file, proposal);
  INFO(proposal.block);
  INFO(result);
  CHECK(result.starts_with("refused: "));
  CHECK(result.find(why) != std::string::npos);
}

}  // namespace

TEST_CASE("members that a container does not show are not removed", "[patch]") {
  check_refused(kRust,
                {"impl Stack {\n    pub fn pop(&mut self) -> Option<i32> {\n        "
                 "self.items.pop()\n    }\n\n    pub fn peek(&self) -> Option<&i32> {\n        "
                 "self.items.last()\n    }\n\n    pub fn is_empty(&self) -> bool {\n        "
                 "self.items.is_empty()\n    }\n}"},
                "It leaves out \"new\"");
  check_refused("namespace app {\n\nint one() { return 1; }\n\nint two() { return 2; }\n\n}",
                {"namespace app {\n\nint three() { return 3; }\n\n}"}, "");
  check_refused(
      "{\n  \"scripts\": {\n    \"build\": \"make\",\n    \"test\": \"make test\"\n  }\n}",
      {"  \"scripts\": {\n    \"lint\": \"lint\",\n    \"fmt\": \"fmt\"\n  }"}, "");
  check_refused(
      "[package]\nname = \"app\"\nversion = \"1\"\n\n[dependencies]\nserde = \"1\"\n\n"
      "[features]\nfull = []\nsome = []\n",
      {"[package]\nname = \"app\"\nversion = \"2\"\n\n[features]\nfull = []\nsome = []\n"},
      "[dependencies]");
}

TEST_CASE("a member that is shown may change in all its lines", "[patch]") {
  const std::string block =
      "impl Stack {\n    pub fn new(size: usize) -> Self {\n        "
      "Stack { items: Vec::with_capacity(size) }\n    }\n\n"
      "    pub fn push(&mut self, item: i32) {\n        self.items.insert(0, item);\n    }\n\n"
      "    pub fn len(&self) -> usize {\n        self.items.len()\n    }\n}";
  CHECK(outcome(kRust, {block}) == block);
}

TEST_CASE("a function between two shown ones is not removed", "[patch]") {
  check_refused(kGo,
                {"func NewStore(path string) *Store {\n\ts := &Store{path: path, size: 1}\n"
                 "\treturn s\n}\n\nfunc (s *Store) Add(name string) {\n\ts.items[name] += 2\n}"},
                "");
  check_refused(
      "class A:\n    def one(self):\n        return 1\n\n    def two(self):\n        "
      "return 2\n\n    def three(self):\n        return 3\n",
      {"class A:\n    def one(self):\n        return 10\n\n    def three(self):\n"
       "        return 3\n"},
      "\"two\"");
}

TEST_CASE("a comment for omitted code is not written in place of it", "[patch]") {
  for (const std::string comment :
       {"rest unchanged", "other methods unchanged", "rest of the class", "rest of the methods",
        "other methods stay the same", "remaining methods", "same as above", "as before",
        "keep the rest as is", "other methods", "total and clear are unchanged", "..."}) {
    const std::string block =
        "class Cart {\n  add(item) {\n    this.items.unshift(item);\n  }\n\n  // " + comment +
        "\n}";
    check_refused(kCart, {block}, "");
    check_refused(kCart, {block, Kind::kWhole}, "");
  }
  // Such a comment in code that stays is a comment.
  const std::string noted =
      "  total() {\n    // Count the rest of the items too.\n"
      "    return this.items.length;\n  }\n";
  CHECK(outcome(kCart, {noted}).find("// Count the rest") != std::string::npos);
}

TEST_CASE("a piece of the quoted lines does not replace all of them", "[patch]") {
  const std::string quoted =
      "int parse(const char *text) {\n  int value = 0;\n  for (; *text; text++) {\n    if (*text < "
      "'0') {\n      return -1;\n    }\n    value = value * 10;\n  }\n  return value;\n}";
  const std::string file = "#include <stdio.h>\n\n" + quoted + "\n\nint main(void) { return 0; }";
  check_refused(
      file, {"    if (value > 10) {\n      return -2;\n    }\n    value++;", Kind::kText, quoted},
      "");
  check_refused(file, {"if (!text) return -1;", Kind::kText, quoted},
                "Quote exactly the lines to replace");
}

TEST_CASE("a block without indentation gets that of the quoted lines", "[patch]") {
  const std::string quoted = "    def f(self):\n        x = 1\n        return x";
  const std::string file = "class A:\n" + quoted + "\n\n    def g(self):\n        pass\n";
  CHECK(outcome(file, {"def f(self, y):\n    return y", Kind::kText, quoted}) ==
        "class A:\n    def f(self, y):\n        return y\n\n    def g(self):\n        pass\n");
}

}  // namespace chatvim::patch
