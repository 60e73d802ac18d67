// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "chatvim/document/format.hpp"

namespace chatvim::editor {

/// What a list of chats shows for a file.
struct ChatGlance {
  bool is_chat = false;
  std::string title;     ///< of its front matter, as one line, at most 200 characters; or empty
  std::string question;  ///< one line, at most 120 characters; empty if there is no question yet
  std::size_t line = 1;  ///< the question's line, from 1
};

/// Whether a file is examined, by its name: `*.md`, not hidden.
bool is_markdown_name(std::string_view name);

/// Examines the beginning of a file. It is a chat if its name is `chat-*.md`, if a line is a
/// delimiter, or if its front matter names a model. `format` has the user's delimiters; the front
/// matter's override them. Presets that it names are not read.
ChatGlance glance_at_chat(std::string_view name, std::string_view beginning,
                          document::Format format);

}  // namespace chatvim::editor
