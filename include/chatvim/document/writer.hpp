// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/format.hpp"
#include "chatvim/document/message.hpp"

namespace chatvim::document {

/// What the writer needs to know about the end of the document it appends to.
struct Tail {
  std::optional<Role> under;  ///< role of the delimiter that ends the document, if any
  std::string white_space;    ///< the white space (spaces, tabs, `\n`) that ends the document
  bool empty = false;         ///< the document has no characters at all
  std::string marker;         ///< the front matter marker that the body begins with, or empty
};

/// Returns the tail of a document, given all its lines including front matter.
Tail read_tail(std::span<const std::string_view> lines, const Format& format);

/// Returns the text to append for a user message, escaped and cleaned. It goes under the user
/// delimiter at the document's end if there is one; otherwise a user delimiter is added first. The
/// document then ends with the last character of the message.
std::string write_user_message(const Format& format, const Tail& tail, std::string_view text);

/// Returns the user delimiter, with the white space around it, that ends a reply.
std::string write_user_delimiter(const Format& format);

/// Text to append, and where it must start.
struct Piece {
  std::string text;            ///< lines separated by `\n`; may be empty
  bool at_line_start = false;  ///< the text begins with a delimiter, which must start in column 1
};

struct Place;

/// What stands below the text of an answer.
struct AnswerEnd {
  std::optional<Provenance> provenance = {};
  std::vector<OtherAnswer> others = {};
};

/// Turns a reply that arrives in pieces, split anywhere, into text to append to the document: adds
/// the delimiters, escapes lines that would be read as a delimiter, cleans the text, and closes an
/// open code fence. It has no side effects and knows neither buffer nor clock.
///
/// It emits nothing until the first non-white-space character of the reply, so that a request
/// without an answer leaves the document unchanged. It holds a line back while that could still
/// become a delimiter line, and never emits blank lines at the start or end of the reply. Each call
/// is linear in the size of its piece.
class ReplyWriter {
 public:
  /// Writes a reply at the document's end.
  ReplyWriter(Format format, const Tail& tail);
  /// Writes a reply that continues or replaces the last answer. The first non-empty piece replaces
  /// the range of `place`. When an answer is continued, reasoning is not emitted. `again_parts` are
  /// not emitted by themselves: the caller adds them with `part`.
  ReplyWriter(Format format, const Place& place);
  ~ReplyWriter();
  ReplyWriter(ReplyWriter&& other) noexcept;
  ReplyWriter& operator=(ReplyWriter&& other) noexcept;

  /// Takes a piece of reasoning to save, which must come before the answer. It is emitted as a
  /// block that markdown viewers fold. Emits nothing once the answer has text, or if a delimiter
  /// equals one of the lines of such a block.
  Piece reasoning(std::string_view delta);
  /// Takes a piece of the answer.
  Piece answer(std::string_view delta);
  /// Adds a part of an answer: a call (with its result, or open), a state, or text. An open code
  /// fence is closed before a call or a state; text that follows begins a new paragraph. Emits no
  /// call and no state if a delimiter is a line of their form.
  Piece part(const AnswerPart& part);
  /// Sets the parts that are to come, usually open calls; the first must not be text. `ending` and
  /// `closing` include them until the next call of `expect`; `finish` does not.
  void expect(const std::vector<AnswerPart>& parts);
  /// Ends the reply, complete or stopped: emits what was held back, the closing fence, `end`, the
  /// other answers of the place and the next user delimiter. Returns an empty piece if nothing was
  /// emitted or held back. Later calls emit nothing.
  Piece finish(const AnswerEnd& end = {});
  /// Returns what `finish` would emit now, so that a caller can save it.
  Piece ending() const;
  /// True once something was emitted, that is, the document has changed.
  bool started() const;
  /// Returns what completes the text emitted so far if the writer is lost: it closes what is open
  /// and adds the expected parts and the next user delimiter. If nothing was emitted, the expected
  /// parts begin the answer.
  std::string closing() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::document
