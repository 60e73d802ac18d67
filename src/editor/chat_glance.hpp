// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "chatvim/document/format.hpp"

namespace chatvim::editor {

/// What a list of chats shows of a file.
struct ChatGlance {
  bool is_chat = false;
  std::string question;  ///< one line, at most 120 characters; empty when nothing is asked yet
  std::size_t line = 1;  ///< where the question stands, from 1
};

/// Whether a file of that name is looked at: `*.md`, not hidden.
bool is_markdown_name(std::string_view name);

/// Looks at the beginning of a file. It is a chat when its name is `chat-*.md`, when a line is a
/// delimiter, or when its front matter names a model. `format` has the user's delimiters; those
/// that the front matter sets are stronger. Presets that it names are not read.
ChatGlance glance_at_chat(std::string_view name, std::string_view beginning,
                          document::Format format);

}  // namespace chatvim::editor
