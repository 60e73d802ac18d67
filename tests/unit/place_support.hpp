// SPDX-License-Identifier: Apache-2.0
// Documents into which an answer is written that continues or replaces the last one.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "chatvim/document/place.hpp"
#include "document_support.hpp"

namespace chatvim::testing::place {

using document::AnswerPart;
using document::Format;
using document::Piece;
using document::Place;
using document::ReplyWriter;

using Find = std::optional<Place> (*)(std::span<const std::string_view>, const Format&);

/// A buffer that inserts pieces as an editor does: the first piece replaces the range.
class PlacedBuffer {
 public:
  PlacedBuffer(std::string document, const Format& format, const Place& place)
      : document_(std::move(document)), writer_(format, place) {
    start_ = offset(place.row, place.column);
    end_ = offset(place.end_row, place.end_column);
  }

  void reasoning(std::string_view delta) { append(writer_.reasoning(delta)); }
  void answer(std::string_view delta) { append(writer_.answer(delta)); }
  void part(const AnswerPart& part) { append(writer_.part(part)); }
  void finish(const document::AnswerEnd& end = {}) { append(writer_.finish(end)); }

  std::string before() const { return document_.substr(0, start_); }
  std::string behind() const { return document_.substr(end_); }
  std::string text() const { return written_ ? before() + *written_ + behind() : document_; }
  const ReplyWriter& writer() const { return writer_; }

 private:
  std::size_t offset(std::size_t row, std::size_t column) const {
    const auto lines = buffer_lines(document_);
    return static_cast<std::size_t>(lines.at(row).data() - document_.data()) + column;
  }
  void append(const Piece& piece) {
    CHECK_FALSE(piece.at_line_start);
    if (!piece.text.empty()) written_ = written_.value_or("") + piece.text;
  }

  std::string document_;
  ReplyWriter writer_;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
  std::optional<std::string> written_;
};

inline std::string range_of(const std::string& document, const Place& place) {
  const auto lines = buffer_lines(document);
  std::string out(lines[place.row].substr(place.column));
  for (std::size_t row = place.row + 1; row <= place.end_row; ++row) {
    out += "\n" + std::string(lines[row]);
  }
  out.resize(out.size() - (lines[place.end_row].size() - place.end_column));
  return out;
}

inline Place found(Find find, const std::string& document, const Format& format = {}) {
  const auto place = find(buffer_lines(document), format);
  REQUIRE(place);
  return *place;
}

inline const std::string kQuestion = "Q\n\n# === ASSISTANT ===\n\n";
inline const std::string kNext = "\n\n# === USER ===\n\n";

/// Checks the resulting document for a reply that arrives whole, byte by byte, and cut in two at
/// every position.
inline void check_written(Find find, const std::string& document, const std::string& reply,
                          const std::string& expected) {
  CAPTURE(document, reply);
  const Place place = found(find, document);
  for (std::size_t at = 0; at <= reply.size(); ++at) {
    PlacedBuffer buffer(document, {}, place);
    buffer.answer(reply.substr(0, at));
    buffer.answer(reply.substr(at));
    buffer.finish();
    CHECK(buffer.text() == expected);
  }
  PlacedBuffer buffer(document, {}, place);
  for (const char byte : reply) buffer.answer(std::string(1, byte));
  buffer.finish();
  CHECK(buffer.text() == expected);
}

}  // namespace chatvim::testing::place
