// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "chatvim/document/format.hpp"

namespace chatvim::document {

/// What the writer must know of the document that it appends to.
struct Tail {
  std::optional<Role> under;  ///< whose delimiter the document ends with, white space aside
  std::string white_space;    ///< the white space (spaces, tabs, `\n`) that ends the document
  bool empty = false;         ///< the document has no character at all
  std::string marker;         ///< the front matter marker that the body begins with, or nothing
};

/// The tail of a document's lines, front matter included.
Tail read_tail(std::span<const std::string_view> lines, const Format& format);

/// A user message to append at the end of a document, escaped and cleaned: under the user delimiter
/// that the document ends with, else with one of its own. The document then ends with its last
/// character.
std::string write_user_message(const Format& format, const Tail& tail, std::string_view text);

/// The user delimiter with the white space around it that ends a reply.
std::string write_user_delimiter(const Format& format);

/// A piece of text to append, with what the editor must know of where it starts.
struct Piece {
  std::string text;            ///< lines separated by `\n`; may be empty
  bool at_line_start = false;  ///< the text begins with a delimiter line: it must start in column 1
};

struct Place;

/// Turns a reply that comes in pieces cut anywhere into text to append to the document: delimiters
/// around it, lines that would be read as a delimiter escaped, text cleaned, an open code fence
/// closed. Pure: it knows no buffer and no clock.
///
/// Until the first character of the reply that is not white space nothing is given out, so that a
/// request without an answer leaves the document as it was. Nothing of a line is given out while it
/// can still become a delimiter line. Blank lines at the reply's ends are never given out. The time
/// of a call is linear in its piece.
class ReplyWriter {
 public:
  /// A reply at the document's end.
  ReplyWriter(Format format, const Tail& tail);
  /// A reply that goes on with the last answer or takes its place. The first piece with text takes
  /// the place of the range. Reasoning is not given out where an answer goes on.
  ReplyWriter(Format format, const Place& place);
  ~ReplyWriter();
  ReplyWriter(ReplyWriter&& other) noexcept;
  ReplyWriter& operator=(ReplyWriter&& other) noexcept;

  /// A piece of reasoning to keep, before any of the answer; given out as a block that markdown
  /// viewers fold. Nothing is given out once text of the answer has come, nor where a delimiter is
  /// one of the lines of such a block.
  Piece reasoning(std::string_view delta);
  /// A piece of the answer.
  Piece answer(std::string_view delta);
  /// The end of the reply, whole or stopped: what was held back, the fence closed, the next user
  /// delimiter. Empty when nothing was given out and nothing is held back. Nothing is given out
  /// after it.
  Piece finish();
  /// What `finish` would give out now, for one who keeps the text beside this writer.
  Piece ending() const;
  /// True when something has been given out: the document has changed.
  bool started() const;
  /// What ends the reply as far as it was given out, for one whose writer is gone: what is open
  /// closed, and the next user delimiter.
  std::string closing() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::document
