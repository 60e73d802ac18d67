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

TEST_CASE("a stub of a member is not written in place of its body", "[patch]") {
  const std::string added =
      "class Cart {\n  add(item) {\n    this.check(item);\n    this.items.push(item);\n  }\n\n";
  const std::string clear = "\n\n  clear() {\n    this.items = [];\n  }\n}";
  for (const std::string stub :
       {"  total() { /* unchanged */ }", "  total() { ... }", "  // total() ..."}) {
    check_refused(kCart, {added + stub + clear}, "");
  }
  const std::string go =
      "func NewStore(path string) *Store {\n\ts := &Store{path: path}\n\ts.load()\n\ts.open = "
      "true\n\treturn s\n}";
  for (const std::string comment : {"[...]", "load and open the store...", "(no change)"}) {
    check_refused(
        go,
        {"func NewStore(path string) *Store {\n\ts := &Store{path: path, size: 1}\n\t// " +
         comment + "\n\treturn s\n}"},
        "");
  }
  check_refused(
      "one()\ntwo()\nthree()\n",
      {"@@ @@\n-one()\n-two()\n+uno()\n+// ... rest unchanged ...\n three()", Kind::kDiff},
      "omitted");
}

TEST_CASE("a member is not there because another one has its name", "[patch]") {
  std::string many;
  for (int i = 0; i < 60; ++i) many += "x" + std::to_string(i) + " = " + std::to_string(i) + "\n";
  const std::string two =
      many +
      "\n\nclass A:\n    def __init__(self, x):\n        self.x = x\n\n    def run(self):\n        "
      "return self.x\n\n\nclass B:\n    def __init__(self, y):\n        self.y = y\n\n    def "
      "run(self):\n        return self.y\n\n    def stop(self):\n        return None\n";
  check_refused(
      two,
      {"class A:\n    def __init__(self, x):\n        self.x = x\n        self.n = 0\n\n    "
       "def run(self):\n        return self.x\n\n\nclass B:\n    def run(self):\n        "
       "return self.y\n\n    def stop(self):\n        return None\n"},
      "");
  check_refused("def load():\n    return 1\n\n\ndef main():\n    print(load())\n\n\nmain()\n",
                {"def load():\n    return 2\n\n\nmain()\n"}, "");
}

TEST_CASE("a section of a markdown file is not removed", "[patch]") {
  const std::string file =
      "# Tool\n\nIntro text of the tool.\n\n## Install\n\nRun make and then\nmake install.\n\n"
      "## Usage\n\nCall it with a file.\n\n## Options\n\nSee the help.\n\n## License\n\nMIT\n";
  check_refused(file,
                {"## Install\n\nRun make, cmake and then\nmake install.\nThen read the manual.\n\n"
                 "## Options\n\nSee the help.\n"},
                "Usage");
}

TEST_CASE("code and comments that only look like omissions are written", "[patch]") {
  const std::string drain =
      "int drain(Queue& queue) {\n  int remaining = queue.size();\n  while (!queue.empty()) {\n    "
      "queue.pop();\n    queue.log();\n  }\n  return queue.total();\n}";
  std::string wanted = drain;
  wanted.insert(wanted.find("    queue.log"), "    --remaining;\n    // Same as above.\n");
  CHECK(outcome(drain, {wanted}) == wanted);
  const std::string states = "const STATES = [\n  \"added\",\n  \"removed\",\n  \"renamed\",\n];";
  std::string more = states;
  more.insert(more.find("  \"renamed"), "  \"unchanged\",\n");
  CHECK(outcome(states, {more}) == more);
  const std::string reader =
      "class Reader:\n    def rest(self):\n        out = self.lines\n        return out\n\n    def "
      "close(self):\n        self.file.close()\n";
  std::string documented = reader;
  documented.insert(documented.find("        out"), "        \"\"\"The rest of the file.\"\"\"\n");
  CHECK(outcome(reader, {documented}) == documented);
  // Dots are all that this class has.
  const std::string stub =
      "class Net(Base):\n    ...\n\n\nclass Old(Base):\n    x = 1\n    y = 2\n";
  const std::string renamed =
      "class Net(Base):\n    ...\n\n\nclass Old(Base):\n    x = 1\n    y = 3\n";
  CHECK(outcome(stub, {renamed, Kind::kWhole}) == renamed);
}

TEST_CASE("a file with tabs gets tabs", "[patch]") {
  const std::string go = "func (s *Store) Len() int {\n\treturn len(s.items)\n}";
  CHECK(outcome(go,
                {"func (s *Store) Len() int {\n    s.mu.Lock()\n    defer s.mu.Unlock()\n    if x "
                 "{\n        y()\n    }\n    return len(s.items)\n}"}) ==
        "func (s *Store) Len() int {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\tif x "
        "{\n\t\ty()\n\t}\n\treturn len(s.items)\n}");
  const std::string make = "all: a.o\n\t$(CC) a.o\n\nclean:\n\trm a.o\n";
  CHECK(outcome(make, {"all: a.o\n    $(CC) -g a.o\n\nclean:\n    rm a.o\n", Kind::kWhole}) ==
        "all: a.o\n\t$(CC) -g a.o\n\nclean:\n\trm a.o\n");
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
  const std::string deep =
      "class A:\n    def f(self):\n        if x:\n            one()\n            two()\n        "
      "return 1\n";
  const std::string inner = "            one()\n            two()";
  const std::string wanted = "            one()\n            uno()\n            two()";
  for (const std::string block : {"one()\nuno()\ntwo()", "    one()\n    uno()\n    two()",
                                  "one()\n            uno()\n            two()"}) {
    INFO(block);
    CHECK(outcome(deep, {block, Kind::kText, inner}).find(wanted) != std::string::npos);
  }
  // Models often trim the first line alone.
  const std::string whole = "        if x:\n" + inner;
  CHECK(outcome(deep, {"if x and y:\n" + inner, Kind::kText, whole})
            .find("        if x and y:\n" + inner) != std::string::npos);
}

TEST_CASE("exactly quoted lines may be replaced as a whole", "[patch]") {
  const std::string rest = "    def rest(self):\n        out = self.lines\n        return out";
  const std::string file = "class Reader:\n" + rest + "\n\n    def close(self):\n        pass\n";
  CHECK(outcome(file,
                {"    def tail(self):\n        return 1\n\n    def text(self):\n        return 2",
                 Kind::kText, rest})
            .find("def text") != std::string::npos);
  const std::string menu = ".menu {\n  float: left;\n  width: 50%;\n}";
  CHECK(outcome("a {}\n\n" + menu + "\n",
                {".menu {\n  display: flex;\n  gap: 8px;\n}", Kind::kText, menu})
            .find("display: flex") != std::string::npos);
}

}  // namespace chatvim::patch
