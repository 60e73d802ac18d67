// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::completion {

/// The sources that an answer cites, as footnotes of its document (GitHub Flavored Markdown,
/// "Footnotes").
class Footnotes {
 public:
  /// Numbers the footnotes after those of the messages, which keep their numbers. Must be called
  /// before `add`; may be called several times.
  void number_after(std::span<const document::Message> messages);
  bool is_numbered() const { return first_ > 0; }
  /// Adds a source. Returns the mark to write after the text that cites it, or "" if the source is
  /// no web address.
  std::string add(const wire::Citation& source);
  /// Returns the text that defines the footnotes, to write at the end of the answer.
  std::string definitions() const;

 private:
  std::size_t first_ = 0;  ///< number of the first; 0 until it is known
  std::vector<wire::Citation> sources_;
};

}  // namespace chatvim::completion
