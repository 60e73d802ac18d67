// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/text/utf8.hpp"
#include "property.hpp"

namespace chatvim::text {
namespace {

using namespace std::string_literals;

const std::string kBad = "\xEF\xBF\xBD";

struct Replaced {
  std::string bytes;
  std::string text;
};

// The first three are tables 3-8, 3-10 and 3-11 of the Unicode standard, section 3.9.
const std::vector<Replaced> kReplaced = {
    {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82"
     "A",
     kBad + kBad + kBad + kBad + kBad + kBad + kBad + kBad + "A"},
    {"\xF4\x91\x92\x93\xFF"
     "A\x80\xBF"
     "B",
     kBad + kBad + kBad + kBad + kBad + "A" + kBad + kBad + "B"},
    {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
     "A",
     kBad + kBad + kBad + kBad + "A"},
    {"a\xF1\x80\x80\xE1\x80\xC2"
     "b\x80"
     "c\x80\xBF"
     "d",
     "a" + kBad + kBad + kBad + "b" + kBad + "c" + kBad + kBad + "d"},
    {"", ""},
    {"plain text", "plain text"},
    {"Gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x99\x88",
     "Gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x99\x88"},
    {"\xF0\x9F\x99", kBad},
    {"\xC3(", kBad + "("},
    {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},
    {"\xEF\xBB\xBF", "\xEF\xBB\xBF"},
    {"a\0b"s, "a\0b"s},
};

TEST_CASE("ill-formed UTF-8 is found and replaced", "[text]") {
  for (const auto& [bytes, text] : kReplaced) {
    CAPTURE(bytes);
    CHECK(replace_invalid_utf8(bytes) == text);
    CHECK(find_invalid_utf8(bytes).has_value() == (bytes != text));
    CHECK_FALSE(find_invalid_utf8(text));
  }
  CHECK(find_invalid_utf8("0123456789\xC3\xBC"
                          "0123456789\xC3.") == 22);
  CHECK(find_invalid_utf8("\xE2\x82") == 0);
  CHECK(replace_invalid_utf8("\xED\xA0\x80") == kBad + kBad + kBad);
}

std::string streamed(const std::vector<std::string>& pieces) {
  Utf8Stream stream;
  std::string out;
  for (const std::string& piece : pieces) {
    out += stream.feed(piece);
  }
  return out + stream.finish();
}

/// Whole, byte by byte, and cut in two everywhere.
void check_stream(const std::string& bytes, const std::string& text) {
  CAPTURE(bytes);
  CHECK(streamed({bytes}) == text);
  std::vector<std::string> single;
  for (const char byte : bytes) {
    single.emplace_back(1, byte);
  }
  CHECK(streamed(single) == text);
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    CHECK(streamed({bytes.substr(0, at), bytes.substr(at)}) == text);
  }
}

TEST_CASE("a stream of UTF-8 may be cut anywhere", "[text]") {
  for (const auto& [bytes, text] : kReplaced) {
    check_stream(bytes, text);
  }
}

TEST_CASE("a stream joins surrogates of three bytes each", "[text]") {
  const std::string high = "\xED\xA0\xBD";
  const std::string low = "\xED\xB9\x88";
  const std::string monkey = "\xF0\x9F\x99\x88";
  check_stream(high + low, monkey);
  check_stream("a" + high + low + "b", "a" + monkey + "b");
  check_stream(high, kBad);
  check_stream(low, kBad);
  check_stream(high + "x", kBad + "x");
  check_stream(low + high, kBad + kBad);
  check_stream(high + high + low, kBad + monkey);
  check_stream(high + "\xED", kBad + kBad);
  check_stream(high + "\xED\xB9", kBad + kBad);
  check_stream(high + "\xED\x9F\xBF", kBad + "\xED\x9F\xBF");
  check_stream(high + low + low, monkey + kBad);
  check_stream(
      "\xED\xA0"
      "x",
      kBad + kBad + "x");
  check_stream("\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF");
  check_stream("\xED\xAF\xBF\xED\xBF\xBF", "\xF4\x8F\xBF\xBF");
}

TEST_CASE("what is not held back comes out at once", "[text]") {
  Utf8Stream stream;
  CHECK(stream.feed("abc\xE2\x82") == "abc");
  CHECK(stream.feed("\xAC!") == "\xE2\x82\xAC!");
  CHECK(stream.feed("\xED\xA0\xBD") == "");
  CHECK(stream.feed("ok") == kBad + "ok");
  CHECK(stream.finish() == "");
  CHECK(stream.feed("\xE2") == "");
  CHECK(stream.finish() == kBad);
  CHECK(stream.finish() == "");
}

TEST_CASE("any bytes, cut anywhere, give the same valid text", "[text]") {
  CHECK(testing::holds("a stream of any bytes", 1500, [] {
    const auto byte = rc::gen::element('a', '\n', '\xC3', '\xBC', '\xE2', '\x82', '\xAC', '\xF0',
                                       '\x9F', '\x99', '\xED', '\xA0', '\xB0', '\x80', '\xFF');
    const auto pieces =
        *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(byte));
    std::string all;
    for (const std::string& piece : pieces) {
      all += piece;
    }
    const std::string whole = streamed({all});
    Utf8Stream stream;
    for (const std::string& piece : pieces) {
      RC_ASSERT(!find_invalid_utf8(stream.feed(piece)));
    }
    RC_ASSERT(streamed(pieces) == whole);
    RC_ASSERT(!find_invalid_utf8(whole));
    RC_ASSERT(!find_invalid_utf8(replace_invalid_utf8(all)));
    // Where there is no half of a surrogate pair, both ways replace the same.
    if (all.find('\xED') == std::string::npos) {
      RC_ASSERT(replace_invalid_utf8(all) == whole);
    }
  }));
}

TEST_CASE("a name in a message shows what it hides", "[text]") {
  CHECK(printable_name("a b.txt", 100) == "a b.txt");
  CHECK(printable_name("a\xE2\x80\xAEtxt.exe", 100) == "a?txt.exe");
  CHECK(printable_name("\x1B[31m\x07\x7F\xC2\x9B", 100) == "?[31m???");
  CHECK(printable_name("a\nb\r\nc", 100) == "a b c");
  CHECK(printable_name("a\xFF", 100) == "a\xEF\xBF\xBD");
  CHECK(printable_name("\x1B\x1B\x1B\x1B\x1B\x1B", 4) == "?\xE2\x80\xA6");
}

TEST_CASE("text for a terminal keeps what is text", "[text]") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(harmless("a\tb\n\xC3\xA9") == "a\tb\n\xC3\xA9");
  CHECK(harmless("\x1B]52;c;\x07") == bad + "]52;c;" + bad);
  CHECK(harmless("\xC2\x9B\xC2\x85\x7F\r") == bad + bad + bad + bad);
  CHECK(harmless("\xE2\x80\xAE\xE2\x81\xA6") == bad + bad);
  CHECK(harmless("\xD7\xA9\xE2\x80\x8F!") == "\xD7\xA9\xE2\x80\x8F!");
  CHECK(harmless("a\xFF\xC3") == "a" + bad + bad);
  CHECK(harmless(std::string(1, '\0')) == bad);
}

TEST_CASE("text for a message is one printable line of limited length", "[text]") {
  CHECK(printable("plain", 100) == "plain");
  CHECK(printable("a\r\n\tb\nc", 100) == "a b c");
  CHECK(printable("\x1B[31mred\x1B[0m\x07\x7F", 100) == "[31mred[0m");
  CHECK(printable("a\xC2\x85\xC2\x9B"
                  "b",
                  100) == "ab");
  CHECK(printable("a\xE2\x80\xAE"
                  "b\xE2\x81\xA6"
                  "c\xD8\x9C\xE2\x80\x8F",
                  100) == "abc");
  CHECK(printable("a\xE2\x80\xA8"
                  "b",
                  100) == "a b");
  CHECK(printable("a\0b"s, 100) == "ab");
  CHECK(printable("a\xFF", 100) == "a" + kBad);
  CHECK(printable("12345678", 8) == "12345678");
  CHECK(printable("123456789", 8) == "12345\xE2\x80\xA6");
  CHECK(printable("1234\xC3\xBC\xC3\xBC\xC3\xBC", 8) == "1234\xE2\x80\xA6");
  CHECK(printable("1234", 2) == "12");
  CHECK(printable("\xE2\x82\xAC\xE2\x82\xAC", 2) == "");
  CHECK(printable("x", 0) == "");
}

}  // namespace
}  // namespace chatvim::text
