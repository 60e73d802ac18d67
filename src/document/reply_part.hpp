// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "clean_text.hpp"
#include "fence.hpp"
#include "line_escaper.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

/// One of the two texts of a reply, from the server's bytes to lines for the document. Owned by the
/// writer.
class ReplyPart {
 public:
  /// As for `LineEscaper`; `special` must outlive the part.
  ReplyPart(const SpecialLines& special, SpecialLines::Kinds first, SpecialLines::Kinds others);

  /// Goes on with text of which all but the last `again` bytes stands in the document: those are
  /// given out again, before the first that comes. Called before anything else.
  void resume(std::string_view kept, std::size_t again);

  /// What can be given out with the next bytes of the server's.
  std::string feed(std::string_view delta);
  /// The rest, an open fence closed; empty when no text has come.
  std::string finish();

  /// True when a character that is not white space has come.
  bool has_text() const { return has_text_; }
  /// The line that would close the fence that is open now, or nothing.
  std::string closer() const;

 private:
  void take(std::string_view text, std::string& out);
  std::string unlike_delimiters(std::string fence) const;

  const SpecialLines* special_;
  TextCleaner cleaner_;
  FenceScanner fences_;
  LineEscaper escaper_;
  std::string held_;  // what waits for the first text
  bool has_text_ = false;
};

}  // namespace chatvim::document
