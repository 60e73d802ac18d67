// SPDX-License-Identifier: Apache-2.0
// `chatvim format` and `chatvim color`, and that formatting keeps the meaning: cmark, the reference
// program of CommonMark, makes the same HTML of both texts.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "home.hpp"
#include "servers.hpp"
#include "terminal.hpp"

namespace chatvim::testing::format_test {

namespace {

/// What random documents are made of.
const std::vector<std::string> kPieces = {"word ",
                                          "longer-word ",
                                          "lorem ipsum dolor sit amet ",
                                          "*em* ",
                                          "**st rong** ",
                                          "`co de` ",
                                          "``x ` y`` ",
                                          "` ",
                                          "- ",
                                          "* ",
                                          "+ ",
                                          "1. ",
                                          "14. ",
                                          "2) ",
                                          "> ",
                                          ">",
                                          "# ",
                                          "## ",
                                          "```",
                                          "~~~ ",
                                          "    ",
                                          "  ",
                                          "\t",
                                          "--- ",
                                          "=== ",
                                          "***",
                                          "<b> ",
                                          "</b>",
                                          "<div> ",
                                          "</details> ",
                                          "<!-- ",
                                          "--> ",
                                          "[a b] ",
                                          "[l](http://x.y 'ti tle') ",
                                          "[l]: http://x ",
                                          "![i](x.png) ",
                                          "\\",
                                          "\\\n",
                                          "  \n",
                                          "\n",
                                          "\n",
                                          "\n",
                                          "\n\n",
                                          "\n\n",
                                          "| a | b |",
                                          "|---|",
                                          "漢字 ",
                                          "<http://a b> ",
                                          "&amp; ",
                                          "+++",
                                          "...",
                                          "<a href=\"x y\"> ",
                                          "[x](<a b> ",
                                          "\\# === USER ===",
                                          "\n# === USER ===\n",
                                          "\n- ",
                                          "\n  ",
                                          "\n> "};

std::string document(std::mt19937& random) {
  std::string text;
  const auto count = std::uniform_int_distribution<std::size_t>(1, 60)(random);
  for (std::size_t i = 0; i < count; ++i) {
    text += kPieces[std::uniform_int_distribution<std::size_t>(0, kPieces.size() - 1)(random)];
  }
  // Front matter is no part of CommonMark.
  return "A paragraph first.\n\n" + text;
}

std::string html_of(const std::string& markdown, const Home& home) {
  Process cmark({{path_of("cmark"), "--unsafe"}, {}, home.path("")});
  cmark.write(markdown);
  cmark.end_input();
  REQUIRE(cmark.wait() == 0);
  return cmark.output();
}

/// Makes one space of white space outside of code blocks.
std::string with_single_spaces(const std::string& html) {
  std::string out;
  bool in_code = false;
  for (std::size_t i = 0; i < html.size(); ++i) {
    if (html.compare(i, 5, "<pre>") == 0) in_code = true;
    if (html.compare(i, 6, "</pre>") == 0) in_code = false;
    const bool is_space = html[i] == ' ' || html[i] == '\n' || html[i] == '\t';
    if (in_code || !is_space) {
      out += html[i];
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
  return out;
}

std::string read_file_of_project(const std::string& name) {
  std::ifstream stream(std::string(CHATVIM_SOURCE) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void check_meaning(const Home& home, const std::string& text, int width) {
  const Run once = home.run({"format", "--width", std::to_string(width)}, text);
  INFO("width " << width << "\n" << text << "\n-----\n" << once.out << once.err);
  REQUIRE(once.code == 0);
  CHECK(home.run({"format", "--width", std::to_string(width)}, once.out).out == once.out);
  CHECK(with_single_spaces(html_of(once.out, home)) == with_single_spaces(html_of(text, home)));
}

}  // namespace

TEST_CASE("formatting keeps the meaning of random documents", "[format]") {
  need({"cmark"});
  const Home home;
  for (unsigned seed = 1; seed <= 120; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::string text = document(random);
    check_meaning(home, text, std::vector{5, 20, 80}[seed % 3]);
  }
}

TEST_CASE("formatting keeps the meaning of this project's pages", "[format]") {
  need({"cmark"});
  const Home home;
  for (const char* name : {"README.md", "CONTRIBUTING.md", "doc/format.md", "doc/tools.md"}) {
    const std::string text = read_file_of_project(name);
    REQUIRE_FALSE(text.empty());
    check_meaning(home, text, 60);
  }
}

TEST_CASE("format prints, or changes the file and keeps its mode and links", "[format]") {
  const Home home;
  const std::string text = "one two\nthree four\n";
  CHECK(home.run({"format", "--width", "11"}, text).out == "one two\nthree four\n");
  CHECK(home.run({"format"}, text).out == "one two three four\n");
  const std::string path = home.file("a.md", text);
  CHECK(home.run({"format", "a.md"}).out == "one two three four\n");
  CHECK(home.read("a.md") == text);
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::create_symlink(path, home.path("link.md"));
  const Run run = home.run({"format", "--write", "link.md"});
  CHECK(run.code == 0);
  CHECK(run.out.empty());
  CHECK(home.read("a.md") == "one two three four\n");
  CHECK(std::filesystem::is_symlink(home.path("link.md")));
  CHECK(std::filesystem::status(path).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("format follows no link that somebody else put into the folder", "[format]") {
  const Home home;
  home.file("a.md", "one\ntwo\n");
  const std::string other = home.file("other", "as it was");
  std::filesystem::create_symlink(other, home.path("a.md.chatvim-draft"));
  CHECK(home.run({"format", "--write", "a.md"}).code == 0);
  CHECK(home.read("a.md") == "one two\n");
  CHECK_FALSE(std::filesystem::is_symlink(home.path("a.md")));
  CHECK(home.read("other") == "as it was");
  // Nothing is left behind.
  std::filesystem::directory_iterator entries(home.path(""));
  CHECK(std::none_of(begin(entries), end(entries), [](const auto& entry) {
    return entry.path().filename().string().starts_with("chatvim-");
  }));
}

TEST_CASE("format keeps the delimiters that a document names", "[format]") {
  const Home home;
  const std::string text = "+++\nuserDelimiter = \"me says:\"\n+++\nme says:\none\ntwo\n";
  CHECK(home.run({"format"}, text).out ==
        "+++\nuserDelimiter = \"me says:\"\n+++\nme says:\none\ntwo\n");
  const std::string apart = "+++\nuserDelimiter = \"me says:\"\n+++\nme says:\n\none\ntwo\n";
  CHECK(home.run({"format"}, apart).out ==
        "+++\nuserDelimiter = \"me says:\"\n+++\nme says:\n\none two\n");
}

TEST_CASE("format refuses what it cannot read, and changes nothing", "[format]") {
  const Home home;
  CHECK(home.run({"format", "--write"}, "a\n").code == 2);
  CHECK(home.run({"format", "missing.md"}).code == 2);
  CHECK(home.run({"format", "--width", "0"}, "a\n").code == 2);
  Run run = home.run({"format"}, "a\xFF\n");
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  home.file("bad.md", "+++\nmodel = \n+++\na\nb\n");
  run = home.run({"format", "--write", "bad.md"});
  CHECK(run.code == 2);
  CHECK(home.read("bad.md") == "+++\nmodel = \n+++\na\nb\n");
  CHECK(run.err.find("bad.md: Line 2") != std::string::npos);
}

TEST_CASE("color passes text on as it arrives", "[color]") {
  const Home home;
  Process process(home.command({"color", "--color", "always"}));
  process.write("# Hi\nand ");
  process.wait_until([&] { return process.output() == "\x1B[0;1;34m# Hi\x1B[0m\nand "; });
  process.write("*so*\n");
  process.end_input();
  CHECK(process.wait() == 0);
  CHECK(process.output() == "\x1B[0;1;34m# Hi\x1B[0m\nand \x1B[0;3m*so*\x1B[0m\n");
}

TEST_CASE("color colors a terminal alone, unless told otherwise", "[color]") {
  Home home;
  home.file("a.md", "# Hi \x1B[2J\n");
  CHECK(home.run({"color", "a.md"}).out == "# Hi \x1B[2J\n");
  CHECK(home.run({"color", "--color", "sometimes", "a.md"}).code == 2);
  {
    Terminal terminal(home.command({"color", "a.md"}));
    CHECK(terminal.wait() == 0);
    CHECK(terminal.output() == "\x1B[0;1;34m# Hi \xEF\xBF\xBD[2J\x1B[0m\r\n");
  }
  home.set("NO_COLOR", "1");
  Terminal terminal(home.command({"color", "a.md"}));
  CHECK(terminal.wait() == 0);
  CHECK(terminal.output() == "# Hi \xEF\xBF\xBD[2J\r\n");
}

}  // namespace chatvim::testing::format_test
