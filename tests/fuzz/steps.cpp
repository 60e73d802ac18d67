// SPDX-License-Identifier: Apache-2.0
// Fuzzes answers in which tools were called, as somebody may have edited them.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../buffer.hpp"
#include "chatvim/document/place.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

using document::AnswerPart;
using testing::Buffer;
using Parts = std::vector<AnswerPart>;

/// Returns the parts of the answer that ends a document; empty if it has no calls.
Parts parts_of(std::string_view document) {
  const auto messages = testing::messages_of(document);
  return messages.empty() ? Parts() : messages.back().answer;
}

/// Checks that the parts of an answer are what is read once they are written.
void check_written(const Parts& parts) {
  Buffer buffer("Q");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    buffer.expect(Parts(parts.begin() + static_cast<std::ptrdiff_t>(i), parts.end()));
    if (parts[i].kind != AnswerPart::Kind::kText) {
      expect(parts_of(buffer.text() + buffer.writer().ending().text) == parts,
             "expected parts are in the ending");
    }
    buffer.part(parts[i]);
  }
  buffer.finish();
  expect(parts_of(buffer.text()) == parts, "an answer with calls reads back unchanged");
}

/// Checks that an answer that ends with calls can be written again from its first open call on.
void check_resumed(const std::string& text) {
  const auto lines = testing::buffer_lines(text);
  const document::Format format;
  const auto place = document::find_resumption(lines, format);
  if (!place) return;
  document::ReplyWriter writer(format, *place);
  std::string written;
  for (const auto& part : place->again_parts) written += writer.part(part).text;
  written += writer.answer("More.").text;
  written += writer.finish().text;
  const auto offset = [&](std::size_t row, std::size_t column) {
    return static_cast<std::size_t>(lines[row].data() - text.data()) + column;
  };
  const std::string after = text.substr(0, offset(place->row, place->column)) + written +
                            text.substr(offset(place->end_row, place->end_column));
  Parts expected = parts_of(text);
  expected.push_back({AnswerPart::Kind::kText, "More.", {}, {}});
  expect(parts_of(after) == expected, "a resumed answer keeps its parts");
}

}  // namespace

void steps(std::string_view input) {
  const std::string text = "Q\n\n# === ASSISTANT ===\n\n" + testing::clean(std::string(input));
  Parts parts = parts_of(text);
  // A code fence in a text is closed when a block follows.
  for (AnswerPart& part : parts) {
    if (part.kind == AnswerPart::Kind::kText) part.text = testing::clean_message(part.text, {});
  }
  if (parts.empty()) return;
  check_written(parts);
  Buffer buffer("Q");
  for (const AnswerPart& part : parts) buffer.part(part);
  buffer.finish();
  check_resumed(buffer.text());
}

}  // namespace chatvim::fuzz
