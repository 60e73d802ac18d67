// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::document {

/// Who speaks in a message.
enum class Role { kSystem, kUser, kAssistant };

/// "system", "user" or "assistant".
std::string_view name_of(Role role);

/// A piece of a message that is more than text: text, a picture or a PDF.
struct Part {
  enum class Kind { kText, kPicture, kPdf };
  Kind kind = Kind::kText;
  std::string text;                               ///< the text; for the others their name
  std::string media_type = {};                    ///< such as "image/png"; empty for text
  std::shared_ptr<const std::string> bytes = {};  ///< of a picture or PDF; null for an address
  std::string url = {};                           ///< of a picture that is at an address (https)
  int width = 0;                                  ///< of a picture in pixels; 0: not known
  int height = 0;
};

/// One message of a chat: its role and its text, lines joined with `\n`, never empty.
struct Message {
  Role role = Role::kUser;
  std::string content;
  std::size_t line = 0;  ///< index of its first line among those of the text that it was read from
  std::string source = {};  ///< the file it is from, where that is not the chat itself
  /// What is said in place of `content` where a picture or PDF is embedded; else empty.
  std::vector<Part> parts = {};
  /// Bytes at the end of `content` in which nothing is embedded, whatever they look like.
  std::size_t literal_bytes = 0;
};

/// A stretch of a message: bytes of its content, and of its parts those pictures and PDFs, counted
/// without the texts between them, that stand there.
struct Stretch {
  std::size_t message = 0;  ///< its index
  std::size_t offset = 0;
  std::size_t size = 0;
  std::size_t first_media = 0;
  std::size_t end_media = 0;
};

}  // namespace chatvim::document
