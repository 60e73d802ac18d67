// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"

namespace chatvim::embed {

/// A piece of an embed's content: text, or a picture or PDF. A file may have megabytes, so this
/// only points to its text, which is copied once, into the message.
struct Piece {
  std::string before = {};
  std::string_view text = {};
  std::string after = {};
  std::shared_ptr<const std::string> bytes = {};  ///< owns `text`
  std::optional<document::Part> media = {};       ///< if set, the text is empty

  std::size_t size() const { return before.size() + text.size() + after.size(); }
};

/// The content of an embed.
using Pieces = std::vector<Piece>;

}  // namespace chatvim::embed
