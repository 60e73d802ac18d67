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
  /// Adds a source. Returns the mark to write after the text that cites it, or "" if the source is
  /// no web address. `messages` are those of the chat, whose footnotes keep their numbers.
  std::string add(const wire::Citation& source, std::span<const document::Message> messages);
  /// Returns the text that defines the footnotes, to write at the end of the answer.
  std::string definitions() const;

 private:
  std::size_t first_ = 0;  ///< number of the first; 0 until there is one
  std::vector<wire::Citation> sources_;
};

}  // namespace chatvim::completion
