// SPDX-License-Identifier: Apache-2.0
#include "chatvim/markdown/color.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <regex>
#include <string>
#include <vector>

#include "property.hpp"

namespace chatvim::markdown::color_test {
namespace {

/// Returns the colored text, with `<1;34>` for each sequence.
std::string shown(const std::string& colored) {
  return std::regex_replace(colored, std::regex("\x1B\\[0;?([0-9;]*)m"), "<$1>");
}

std::string color(const std::string& text) {
  Colorizer colorizer;
  const std::string fed = colorizer.feed(text);
  return fed + colorizer.finish();
}

std::string color_in_pieces(const std::string& text, std::size_t size) {
  Colorizer colorizer;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += size) out += colorizer.feed(text.substr(i, size));
  return out + colorizer.finish();
}

std::string without_sequences(const std::string& colored) {
  return std::regex_replace(colored, std::regex("\x1B\\[[0-9;]*m"), "");
}

/// Pieces that markdown is made of, without ESC.
rc::Gen<std::string> markdown() {
  const auto piece = rc::gen::elementOf(
      std::vector<std::string>{"a",   "word ", " ",   "\n",  "\n\n", "# ",  "## ", "# === USER ===",
                               "*",   "**",    "***", "_",   "__",   "`",   "``",  "```",
                               "~~~", "> ",    "- ",  "1. ", "---",  "+++", "\\",  "[",
                               "](",  ")",     "(",   "|",   "    ", "\t",  "é",   "漢",
                               "\r\n"});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const auto& one : pieces) text += one;
                        return text;
                      });
}

struct Case {
  const char* text;
  const char* colored;
};

void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) CHECK(shown(color(one.text)) == one.colored);
}

}  // namespace

TEST_CASE("lines are colored by what they are", "[markdown]") {
  check({{"# Title\ntext", "<1;34># Title<>\ntext"},
         {"#no\n", "#no\n"},
         {"# === USER ===\n", "<1;35># === USER ===<>\n"},
         {"- a\n  - b\n", "<33>-<> a\n<33>  -<> b\n"},
         {"12) a\n", "<33>12)<> a\n"},
         {"2026 a\n", "2026 a\n"},
         {"> a\n> b\n", "<33>><32> a<>\n<33>><32> b<>\n"},
         {"- # a\n", "<33>-<1;34> # a<>\n"},
         {"---\n", "<2>---<>\n"},
         {"- - -\n", "<2>- - -<>\n"},
         {"+++\nx = \"*a*\"\n+++\n*b*\n", "<2>+++<>\n<2>x = \"*a*\"<>\n<2>+++<>\n<3>*b*<>\n"},
         {"a\n\n    *code*\n", "a\n\n<36>    *code*<>\n"},
         {"- a\n\n      *b*\n", "<33>-<> a\n\n      <3>*b*<>\n"}});
}

TEST_CASE("fences are colored up to the line that closes them", "[markdown]") {
  check({{"```lua\n# *a*\n``\n```\n*b*", "<2>```lua<>\n<36># *a*<>\n<36>``<>\n<2>```<>\n<3>*b*<>"},
         {"~~~~\n~~~\n~~~~~\nx", "<2>~~~~<>\n<36>~~~<>\n<2>~~~~~<>\nx"},
         {"- a\n\n  ```\n  b\n  ```\n", "<33>-<> a\n\n<2>  ```<>\n<36>  b<>\n<2>  ```<>\n"},
         {"```a``` b\n", "<36>```a```<> b\n"}});
}

TEST_CASE("spans are colored, and end with their paragraph", "[markdown]") {
  check({{"a *b* **c** `d` e", "a <3>*b*<> <1>**c**<> <36>`d`<> e"},
         {"***a*** b", "<1;3>***a***<> b"},
         {"**a *b* c** d", "<1>**a <1;3>*b*<1> c**<> d"},
         {"snake_case_name", "snake_case_name"},
         {"2 * 3 * 4", "2 * 3 * 4"},
         {"\\*a\\* *b*", "\\*a\\* <3>*b*<>"},
         {"`*a*` ``b ` c``", "<36>`*a*`<> <36>``b ` c``<>"},
         {"[a](http://b/(c)) d", "[a]<4;34>(http://b/(c))<> d"},
         {"[a] (b)", "[a] (b)"},
         {"**a\nb** c", "<1>**a<>\n<1>b**<> c"},
         {"**a\n\nb\n", "<1>**a<>\n\nb\n"},
         {"*a\n- b\n", "<3>*a<>\n<33>-<> b\n"}});
}

TEST_CASE("text is shown as it arrives", "[markdown]") {
  Colorizer colorizer;
  CHECK(colorizer.feed("a") == "a");
  CHECK(colorizer.feed("b ") == "b ");
  CHECK(colorizer.feed("**") == "");
  CHECK(shown(colorizer.feed("c")) == "<1>**c");
  CHECK(colorizer.feed("d") == "d");
  CHECK(shown(colorizer.finish()) == "<>");
  CHECK(colorizer.feed("- ") == "");
  CHECK(shown(colorizer.feed("e")) == "<33>-<> e");
}

TEST_CASE("lines of one character take no longer than others", "[markdown]") {
  const std::string much(1'000'000, ' ');
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text :
       {much, "```\n" + much, "```\n" + std::string(much.size(), '`'), "- " + much, "> " + much}) {
    CHECK(without_sequences(color(text)) == text);
  }
  // Quadratic time would be minutes.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("coloring adds nothing but sequences, and cuts make no difference", "[markdown]") {
  CHECK(testing::holds("coloring keeps the text", 300, [] {
    const std::string text = *markdown();
    const std::string colored = color(text);
    RC_ASSERT(without_sequences(colored) == text);
    const auto size = *rc::gen::inRange<std::size_t>(1, 5);
    RC_ASSERT(color_in_pieces(text, size) == colored);
  }));
}

}  // namespace chatvim::markdown::color_test
