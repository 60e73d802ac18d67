// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

// A chat in an editor's buffer, and the message that a reply must become, computed independently of
// the code under test.
namespace chatvim::document {

inline bool operator==(const Message& left, const Message& right) {
  return left.role == right.role && left.content == right.content;
}

inline bool operator==(const ToolCall& left, const ToolCall& right) {
  return left.step == right.step && left.tool == right.tool && left.id == right.id &&
         left.arguments == right.arguments && left.is_json == right.is_json &&
         left.outcome == right.outcome && left.result == right.result;
}

inline bool operator==(const AnswerPart& left, const AnswerPart& right) {
  return left.kind == right.kind && left.text == right.text && left.model == right.model &&
         left.call == right.call;
}

}  // namespace chatvim::document

namespace chatvim::testing {

/// Returns the buffer's lines as an editor shows them, at least one; they are separated by `
/// `.
inline std::vector<std::string_view> buffer_lines(std::string_view buffer) {
  return text::split_buffer(buffer);
}

/// Returns the buffer's messages.
inline std::vector<document::Message> messages_of(std::string_view buffer,
                                                  const document::Format& format = {}) {
  const auto lines = buffer_lines(buffer);
  const auto front = document::find_front_matter(lines);
  return document::read_messages(std::span(lines).subspan(front.body_line), format);
}

/// A buffer to which pieces are appended as in an editor.
class Buffer {
 public:
  explicit Buffer(std::string text, document::Format format = {})
      : text_(std::move(text)),
        format_(std::move(format)),
        writer_(format_, document::read_tail(buffer_lines(text_), format_)) {}

  void reasoning(std::string_view delta) { append(writer_.reasoning(delta)); }
  void answer(std::string_view delta) { append(writer_.answer(delta)); }
  void part(const document::AnswerPart& part) { append(writer_.part(part)); }
  void call(const document::ToolCall& call) { part({document::AnswerPart::Kind::kCall, "", call}); }
  void state(const std::string& model, const std::string& base64) {
    part({document::AnswerPart::Kind::kState, base64, {}, model});
  }
  void expect(const std::vector<document::AnswerPart>& parts) { writer_.expect(parts); }
  void finish(const document::AnswerEnd& end = {}) { append(writer_.finish(end)); }

  const std::string& text() const { return text_; }
  const document::ReplyWriter& writer() const { return writer_; }
  /// Whether a piece that must start in column 1 was inserted elsewhere.
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

inline std::string clean(const std::string& bytes) {
  text::Utf8Stream utf8;
  std::string valid = utf8.feed(bytes);
  valid += utf8.finish();
  std::string out;
  for (std::size_t i = 0; i < valid.size(); ++i) {
    if (valid[i] == '\0') {
      out += "\xE2\x90\x80";
    } else if (valid[i] == '\r') {
      out += '\n';
      i += i + 1 < valid.size() && valid[i + 1] == '\n' ? 1 : 0;
    } else {
      out += valid[i];
    }
  }
  return out;
}

/// A line that may be a fence: indentation, fence characters, and the rest. Works line by line,
/// unlike the scanner that it checks.
struct FenceLine {
  std::string indentation;
  std::string run;
  std::string rest;
};

inline std::optional<FenceLine> fence_line(std::string_view line) {
  const std::size_t indentation = std::min(line.find_first_not_of(' '), line.size());
  line.remove_prefix(indentation);
  if (indentation > 3 || line.empty() || (line[0] != '`' && line[0] != '~')) {
    return std::nullopt;
  }
  const std::size_t length = std::min(line.find_first_not_of(line[0]), line.size());
  if (length < 3) {
    return std::nullopt;
  }
  return FenceLine{std::string(indentation, ' '), std::string(line.substr(0, length)),
                   std::string(line.substr(length))};
}

/// Returns the line that closes the fence left open by `text`, or an empty string.
inline std::string open_fence(std::string_view text) {
  std::optional<FenceLine> open;
  for (const std::string_view line : buffer_lines(text)) {
    const auto fence = fence_line(line);
    if (!fence) {
      continue;
    }
    if (!open) {
      if (fence->run[0] == '~' || fence->rest.find('`') == std::string::npos) {
        open = fence;
      }
    } else if (fence->run[0] == open->run[0] && fence->run.size() >= open->run.size() &&
               text::is_blank(fence->rest)) {
      open.reset();
    }
  }
  return open ? open->indentation + open->run : "";
}

/// Returns the message that clean text must become: without blank lines at the ends, and with an
/// open fence closed.
inline std::string clean_message(const std::string& text, const document::Format& format) {
  auto lines = buffer_lines(text);
  while (!lines.empty() && text::is_blank(lines.front())) {
    lines.erase(lines.begin());
  }
  while (!lines.empty() && text::is_blank(lines.back())) {
    lines.pop_back();
  }
  std::string message;
  for (const std::string_view line : lines) {
    message += std::string(line) + "\n";
  }
  std::string fence = open_fence(message);
  if (!fence.empty()) {
    while (document::delimiter_role(fence, format)) {
      fence += fence.back();
    }
    return message + fence;
  }
  return message.substr(0, message.empty() ? 0 : message.size() - 1);
}

/// Returns the message that a reply must become: its text, cleaned.
inline std::string message_of(const std::string& reply, const document::Format& format) {
  return clean_message(clean(reply), format);
}

}  // namespace chatvim::testing
