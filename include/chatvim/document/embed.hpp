// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::document {

/// An image link that stands alone on its line; its target is embedded there.
struct Embed {
  std::size_t line = 0;    ///< index of its line in the message
  std::size_t offset = 0;  ///< byte in the message where its line begins
  std::size_t size = 0;    ///< bytes of its line, without the line break
  std::string label;
  std::string target;  ///< as written, minus angle brackets, a title and `\`s before punctuation
};

/// Returns the embeds in a message's text, in order: lines of the form `![label](target)`
/// (CommonMark 0.31, section 6.4, except that a target may contain white space), indented by at
/// most three spaces, optionally followed by white space, outside code blocks. Linear in the text.
std::vector<Embed> find_embeds(std::string_view content);

}  // namespace chatvim::document
