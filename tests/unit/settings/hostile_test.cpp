// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "chatvim/settings/settings.hpp"
#include "property.hpp"

namespace chatvim::settings {
namespace {

constexpr std::size_t kLimit = 256 * 1024;

std::string repeat(std::string_view piece, std::size_t bytes) {
  std::string text;
  while (text.size() + piece.size() <= bytes) text += piece;
  return text;
}

/// Whether the result is valid, which must hold for every text: positions are inside the text,
/// diagnostics are sorted and few, and the values can be used.
bool is_sound(Language language, const std::string& text) {
  const Layer layer = read_layer(language, text, 2, Scope::kDocument);
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  Mark last;
  for (const Diagnostic& diagnostic : layer.diagnostics) {
    if (diagnostic.at.line < 2 || diagnostic.at.line > lines + 1 || diagnostic.at.column < 1) {
      return false;
    }
    if (std::tie(diagnostic.at.line, diagnostic.at.column) < std::tie(last.line, last.column)) {
      return false;
    }
    if (diagnostic.message.empty()) return false;
    last = diagnostic.at;
  }
  return layer.diagnostics.size() <= 100 && !layer.values->dump().empty();
}

bool is_sound(const std::string& text) {
  return is_sound(Language::kToml, text) && is_sound(Language::kYaml, text);
}

/// Generates text from tokens that are significant in TOML or YAML.
std::string any_text() {
  static const std::vector<std::string> kPieces = {
      "\"",         "'",          "\"\"\"", "'''",   "[",    "]",        "{",
      "}",          ":",          ": ",     ",",     "=",    "#",        " #",
      "- ",         "? ",         "&a ",    "*a ",   "!x ",  "!!str ",   "|",
      ">",          "\n",         "\n",     "\n  ",  "\t",   "\\",       ".",
      "...\n",      "---\n",      "%TAG",   "é",     "\x04", "\r",       "1",
      "0.5",        "true",       "~",      "model", "body", "stop",     "a",
      "b",          "\xff",       "[[",     "]]",    "<<",   "[body]\n", "model = 'x'\n",
      "model: x\n", "1979-05-27", "inf"};
  const auto picks = *rc::gen::container<std::vector<std::size_t>>(
      rc::gen::inRange<std::size_t>(0, kPieces.size()));
  std::string text;
  for (const std::size_t pick : picks) text += kPieces[pick];
  return text;
}

constexpr const char* kTomlText =
    "# a comment\nmodel = \"é\\u00e9\" # and one\nstop = ['a', \"\"\"b\nc\"\"\"]\nbody.x.y = 1.5\n"
    "temperature = 0.5\n[body.z]\nlist = [1, {a = 'b'}, 2024-01-01T00:00:00Z]\n[[other]]\nk = 1\n";
constexpr const char* kYamlText =
    "# a comment\nmodel: \"é\\u00e9\" # and one\nstop: [a, 'b''c', &x d, *x]\nbody:\n  x: {y: "
    "1.5}\n"
    "  z: |\n    text\n    more\n  list:\n  - 1\n  - a: b\n    c: !!str 3\ntemperature: 0.5\n";

}  // namespace

TEST_CASE("Reading settings from any bytes causes at most diagnostics") {
  REQUIRE(testing::holds("random bytes", 1000, [] {
    RC_ASSERT(is_sound(*rc::gen::container<std::string>(rc::gen::arbitrary<char>())));
  }));
  REQUIRE(testing::holds("random pieces", 1000, [] { RC_ASSERT(is_sound(any_text())); }));
}

TEST_CASE("Front matter cut anywhere is read or rejected") {
  for (const std::string& text : {std::string(kTomlText), std::string(kYamlText)}) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      INFO(text.substr(0, cut));
      CHECK(is_sound(text.substr(0, cut)));
      CHECK(is_sound(text.substr(cut)));
    }
  }
}

TEST_CASE("Front matter with a changed byte is read or rejected") {
  REQUIRE(testing::holds("one byte", 1000, [] {
    std::string text = *rc::gen::element(std::string(kTomlText), std::string(kYamlText));
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    RC_ASSERT(is_sound(text));
  }));
}

TEST_CASE("Command line arguments are read or rejected") {
  REQUIRE(testing::holds("words", 1000, [] {
    const std::string key = *rc::gen::element(std::string("body.x"), std::string("model"));
    const Layer layer = read_assignments(std::vector<std::string>{key + "=" + any_text()});
    RC_ASSERT(!layer.values->is_null());
  }));
}

TEST_CASE("Text repeated up to the size limit is read or rejected") {
  for (const char* piece :
       {"[",          "{",     "- ",    "? ",   "a: ",        "\"",  "'",         "\"'", "&a ",
        "*a ",        "[[],",  "{a: [", "\n",   "\t",         "a.",  "a: \"\\\"", "|\n", "'' ",
        "%TAG ! x\n", "---\n", "...\n", "\\\"", "x: |\n x\n", "{a=", "[[a]]\n",   "a\n", "é"}) {
    INFO(piece);
    CHECK(is_sound(repeat(piece, kLimit)));
    CHECK(is_sound("a = " + repeat(piece, kLimit - 4)));
    CHECK(is_sound("a: " + repeat(piece, kLimit - 4)));
    CHECK(is_sound("a:\n - \"" + repeat(piece, kLimit - 8)));
  }
}

TEST_CASE("Exceeding a limit is an error at a position") {
  const auto require_refused = [](Language language, const std::string& text, const char* why) {
    const Layer layer = read_layer(language, text, 2, Scope::kDocument);
    REQUIRE(layer.diagnostics.size() == 1);
    CHECK_FALSE(layer.usable());
    CHECK(layer.diagnostics[0].message.find(why) != std::string::npos);
    CHECK(layer.diagnostics[0].at.line >= 2);
  };
  const std::string large = "a = '" + std::string(kLimit, 'x') + "'\n";
  require_refused(Language::kToml, large, "256 KiB");
  require_refused(Language::kYaml, large, "256 KiB");
  require_refused(Language::kToml, "a = [" + repeat("1,", 20002) + "]\n", "too many");
  require_refused(Language::kYaml, "a: [" + repeat("1,", 20002) + "]\n", "too many");
  const std::string nested = repeat("[", 40) + repeat("]", 40) + "\n";
  require_refused(Language::kToml, "a = " + nested, "deep");
  require_refused(Language::kYaml, "a: " + nested, "deep");
  require_refused(Language::kToml, repeat("a.", 80) + "a = 1\n", "deep");
  require_refused(Language::kToml, "[" + repeat("a.", 80) + "a]\n", "deep");
  const std::string allowed = repeat("[", 30) + repeat("]", 30) + "\n";
  CHECK(read_layer(Language::kToml, "a = " + allowed, 2, Scope::kDocument).usable());
  CHECK(read_layer(Language::kYaml, "a: " + allowed, 2, Scope::kDocument).usable());
  CHECK(read_layer(Language::kToml, "a = [" + repeat("1,", 19000) + "]\n", 2, Scope::kDocument)
            .usable());
}

TEST_CASE("Aliases cannot expand to a huge value") {
  std::string wide = "k0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  std::string deep = "k0: &a0 [x]\n";
  for (int i = 1; i < 50; ++i) {
    const std::string name = std::to_string(i);
    const std::string below = "*a" + std::to_string(i - 1);
    wide += "k" + name + ": &a" + name + " [" + repeat(below + ",", 60) + "]\n";
    deep += "k" + name + ": &a" + name + " [" + below + "]\n";
  }
  CHECK_FALSE(read_layer(Language::kYaml, wide, 2, Scope::kDocument).usable());
  CHECK_FALSE(read_layer(Language::kYaml, deep, 2, Scope::kDocument).usable());
  const std::string heavy = "a: &a " + std::string(100000, 'x') + "\nstop: [*a, *a, *a]\n";
  CHECK_FALSE(read_layer(Language::kYaml, heavy, 2, Scope::kDocument).usable());
}

TEST_CASE("At most 100 diagnostics are kept, and warnings never displace errors") {
  std::string unique;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) unique += std::string("mod") + a + b + " = 1\n";
  }
  unique.erase(unique.find("model = 1\n"), 10);
  const Layer warned = read_layer(Language::kToml, unique, 2, Scope::kDocument);
  CHECK(warned.usable());
  CHECK(warned.diagnostics.size() == 100);
  const Layer wrong = read_layer(Language::kToml, unique + "model = 1\n", 2, Scope::kDocument);
  CHECK_FALSE(wrong.usable());
}

}  // namespace chatvim::settings
