// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"

namespace chatvim::embed {

/// A piece of what an embed becomes: text, or a picture or PDF. A file may have megabytes, so its
/// text is only pointed at here and copied once, into the message.
struct Piece {
  std::string before = {};
  std::string_view text = {};
  std::string after = {};
  std::shared_ptr<const std::string> bytes = {};  ///< what `text` lies in
  std::optional<document::Part> media = {};       ///< then there is no text

  std::size_t size() const { return before.size() + text.size() + after.size(); }
};

/// What an embed becomes, piece by piece.
using Pieces = std::vector<Piece>;

}  // namespace chatvim::embed
