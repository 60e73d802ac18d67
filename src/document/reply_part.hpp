// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "chatvim/document/clean_text.hpp"
#include "chatvim/document/fence.hpp"
#include "line_escaper.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

/// Converts one of the two texts of a reply (reasoning or answer) from the server's bytes to lines
/// for the document. Owned by the writer.
class ReplyPart {
 public:
  /// The arguments are those of `LineEscaper`; `special` must outlive the part.
  ReplyPart(const SpecialLines& special, SpecialLines::Kinds first, SpecialLines::Kinds others);

  /// Continues text that is already in the document except for its last `again` bytes, which are
  /// emitted again before new text. Must be called first.
  void resume(std::string_view kept, std::size_t again);

  /// Takes the server's next bytes and returns what can be emitted.
  std::string feed(std::string_view delta);
  /// Returns the rest, including the closing fence; empty if no text arrived.
  std::string finish();
  /// The same before something other than text: if text is continued, also what is written again
  /// of it and its closing fence.
  std::string finish_before_block();

  /// True once a non-white-space character has arrived.
  bool has_text() const { return has_text_; }
  /// Returns the line that would close the open fence, or "".
  std::string closer() const;

 private:
  void take(std::string_view text, std::string& out);
  std::string unlike_delimiters(std::string fence) const;

  const SpecialLines* special_;
  TextCleaner cleaner_;
  FenceScanner fences_;
  LineEscaper escaper_;
  std::string held_;  // held back until the first text
  bool resumed_ = false;
  bool has_text_ = false;
};

}  // namespace chatvim::document
