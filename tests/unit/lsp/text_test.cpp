// SPDX-License-Identifier: Apache-2.0
#include "lsp/text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>

#include "chatvim/lsp/framing.hpp"

namespace chatvim::lsp::text_test {
namespace {

TEST_CASE("characters of a line are counted in the client's unit", "[lsp]") {
  const std::string line = "aé🙂z";  // 1, 2, 4 and 1 bytes
  struct Row {
    std::size_t byte, utf16, utf32;
  };
  for (const Row& row : {Row{0, 0, 0}, Row{1, 1, 1}, Row{3, 2, 2}, Row{7, 4, 3}, Row{8, 5, 4}}) {
    CHECK(character_of(line, row.byte, Encoding::kUtf8) == row.byte);
    CHECK(character_of(line, row.byte, Encoding::kUtf16) == row.utf16);
    CHECK(character_of(line, row.byte, Encoding::kUtf32) == row.utf32);
    CHECK(byte_of(line, row.byte, Encoding::kUtf8) == row.byte);
    CHECK(byte_of(line, row.utf16, Encoding::kUtf16) == row.byte);
    CHECK(byte_of(line, row.utf32, Encoding::kUtf32) == row.byte);
  }
  CHECK(byte_of(line, 3, Encoding::kUtf16) == 3);  // between the two halves of 🙂
  CHECK(byte_of(line, 5, Encoding::kUtf8) == 3);   // inside its bytes
  for (const auto encoding : {Encoding::kUtf8, Encoding::kUtf16, Encoding::kUtf32}) {
    CHECK(byte_of(line, 99, encoding) == line.size());
    CHECK(character_of(line, 99, encoding) == character_of(line, line.size(), encoding));
  }
  // Bytes that are not UTF-8 count as one character each.
  CHECK(byte_of("\xFF\x80z", 2, Encoding::kUtf16) == 2);
  CHECK(byte_of("\xF0\x9F", 9, Encoding::kUtf16) == 2);
}

/// The text with an edit applied in the simplest way.
std::string edited(const std::string& text, std::size_t from, std::size_t to,
                   const std::string& with) {
  return text.substr(0, from) + with + text.substr(to);
}

Position position_of(const std::string& text, std::size_t offset) {
  const auto breaks = std::count(text.begin(), text.begin() + static_cast<long>(offset), '\n');
  const std::size_t start = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
  return {static_cast<std::size_t>(breaks),
          start == std::string::npos ? offset : offset - start - 1};
}

TEST_CASE("random edits of a text give the same text as edits of a string", "[lsp]") {
  std::mt19937 random(20261129);
  const auto below = [&random](std::size_t limit) { return random() % (limit + 1); };
  const auto some_text = [&] {
    std::string text;
    for (std::size_t i = below(12); i > 0; --i) text += "a\n\r b"[below(4)];
    return text;
  };
  std::string expected;
  Text text("");
  for (int i = 0; i < 5000; ++i) {
    const std::string with = some_text();
    if (below(9) == 0) {
      const std::string whole = expected.substr(0, below(expected.size())) + with;
      const Edit edit = text.replace_all(whole);
      // What an edit reports is a replacement with the same result.
      Text same(expected);
      std::string between;
      const Text target(whole);
      for (std::size_t line = edit.range.start.line; line <= edit.new_end.line; ++line) {
        if (line > edit.range.start.line) between += '\n';
        const std::string_view all = target.line(line);
        const std::size_t from = line == edit.range.start.line ? edit.range.start.byte : 0;
        const std::size_t to = line == edit.new_end.line ? edit.new_end.byte : all.size();
        between += all.substr(from, to - from);
      }
      same.replace(edit.range, between);
      CHECK(same.whole() == whole);
      expected = whole;
    } else {
      std::size_t from = below(expected.size());
      std::size_t to = below(expected.size());
      if (from > to) std::swap(from, to);
      const std::string after = edited(expected, from, to, with);
      const Edit edit =
          text.replace({position_of(expected, from), position_of(expected, to)}, with);
      CHECK(edit.new_end == position_of(after, from + with.size()));
      expected = after;
    }
    REQUIRE(text.whole() == expected);
    if (expected.size() > 400) expected.clear(), text.replace_all("");
  }
}

TEST_CASE("messages are taken from a stream wherever it is cut", "[lsp]") {
  const std::string stream = frame("one") + frame("") + "CONTENT-LENGTH:3\r\nX: y\r\n\r\ntwo";
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Framing framing;
    std::vector<std::string> bodies;
    for (const auto& piece : {stream.substr(0, cut), stream.substr(cut)}) {
      framing.feed(piece);
      while (true) {
        const auto body = framing.next();
        REQUIRE(body);
        if (!*body) break;
        bodies.push_back(**body);
      }
    }
    CHECK(bodies == std::vector<std::string>{"one", "", "two"});
  }
  Framing endless;
  endless.feed(std::string(9000, 'x'));
  CHECK_FALSE(endless.next());
}

}  // namespace
}  // namespace chatvim::lsp::text_test
