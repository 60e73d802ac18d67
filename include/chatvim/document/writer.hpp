// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "chatvim/document/format.hpp"

namespace chatvim::document {

/// What the writer must know of the document that it appends to.
struct Tail {
  bool under_assistant_delimiter = false;  ///< nothing but white space stands below a last assistant delimiter
  std::string white_space;                 ///< the white space (spaces, tabs, `\n`) that ends the document
};

/// The tail of a document's lines (front matter included; markers of it are ordinary text here).
Tail read_tail(std::span<const std::string_view> lines, const Format& format);

/// A piece of text to append, with what the editor must know of where it starts.
struct Piece {
  std::string text;            ///< lines separated by `\n`; may be empty
  bool at_line_start = false;  ///< the text begins with a delimiter line: it must start in column 1, whatever stands before
};

/// Turns a reply that comes in pieces cut anywhere into text to append to the document: delimiters around it, lines that
/// would be read as a delimiter escaped, text cleaned, an open code fence closed. Pure: it knows no buffer and no clock.
///
/// Until the first character of the reply that is not white space nothing is given out, so that a request without an
/// answer leaves the document as it was. Nothing of a line is given out while it can still become a delimiter line.
class ReplyWriter {
 public:
  ReplyWriter(Format format, Tail tail);

  /// A piece of reasoning to keep, before any of the answer; given out as a block that markdown viewers fold.
  Piece reasoning(std::string_view delta);
  /// A piece of the answer.
  Piece answer(std::string_view delta);
  /// The end of the reply, whole or stopped: what was held back, the fence closed, the next user delimiter. Empty when
  /// nothing was given out and nothing is held back.
  Piece finish();
  /// True when something has been given out: the document has changed.
  bool started() const;
};

}  // namespace chatvim::document
