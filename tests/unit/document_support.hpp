// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch_tostring.hpp>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/document/writer.hpp"

namespace chatvim::document {

inline bool operator==(const Message& left, const Message& right) {
  return left.role == right.role && left.content == right.content;
}

inline std::ostream& operator<<(std::ostream& out, const Message& message) {
  return out << name_of(message.role) << ": " << Catch::Detail::stringify(message.content);
}

}  // namespace chatvim::document

namespace chatvim::testing {

/// The lines of a buffer written with `\n` between them, as an editor shows it; never none.
inline std::vector<std::string_view> buffer_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return lines;
    }
    text.remove_prefix(end + 1);
  }
}

/// The messages of such a buffer.
inline std::vector<document::Message> messages_of(std::string_view buffer,
                                                  const document::Format& format = {}) {
  const auto lines = buffer_lines(buffer);
  const auto front = document::find_front_matter(lines);
  return document::read_messages(std::span(lines).subspan(front.body_line), format);
}

/// A buffer that takes pieces as an editor does, at its end.
class Buffer {
 public:
  explicit Buffer(std::string text, document::Format format = {})
      : text_(std::move(text)),
        format_(std::move(format)),
        writer_(format_, document::read_tail(buffer_lines(text_), format_)) {}

  void reasoning(std::string_view delta) { append(writer_.reasoning(delta)); }
  void answer(std::string_view delta) { append(writer_.answer(delta)); }
  void finish() { append(writer_.finish()); }

  const std::string& text() const { return text_; }
  const document::ReplyWriter& writer() const { return writer_; }
  /// True when a piece said that it starts in column 1 and the buffer's end was elsewhere.
  bool misplaced() const { return misplaced_; }

 private:
  void append(const document::Piece& piece) {
    misplaced_ = misplaced_ || (piece.at_line_start && !text_.empty() && text_.back() != '\n');
    text_ += piece.text;
  }

  std::string text_;
  document::Format format_;
  document::ReplyWriter writer_;
  bool misplaced_ = false;
};

}  // namespace chatvim::testing
