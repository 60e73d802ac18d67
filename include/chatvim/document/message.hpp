// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::document {

/// The author of a message.
enum class Role { kSystem, kUser, kAssistant };

/// Returns "system", "user" or "assistant".
std::string_view name_of(Role role);

/// One part of a multimodal message: text, a picture or a PDF.
struct Part {
  enum class Kind { kText, kPicture, kPdf };
  Kind kind = Kind::kText;
  std::string text;                               ///< the text; for a picture or PDF, its name
  std::string media_type = {};                    ///< such as "image/png"; empty for text
  std::shared_ptr<const std::string> bytes = {};  ///< of a picture or PDF; null if given by URL
  std::string url = {};                           ///< of a picture that is given by its URL (https)
  int width = 0;                                  ///< of a picture, in pixels; 0: unknown
  int height = 0;
};

/// One message of a chat: its role and its non-empty text, lines joined with `\n`.
struct Message {
  Role role = Role::kUser;
  std::string content;
  std::size_t line = 0;     ///< index of its first line in the text it was read from
  std::string source = {};  ///< the file it comes from, if not the chat itself
  /// What is sent instead of `content` if a picture or PDF is embedded; else empty.
  std::vector<Part> parts = {};
  /// Number of bytes at the end of `content` in which image links are not treated as embeds.
  std::size_t literal_bytes = 0;
};

/// A range within a message: bytes of its content, and the pictures and PDFs in that range,
/// numbered among the message's media parts (text parts not counted).
struct Stretch {
  std::size_t message = 0;  ///< index of the message
  std::size_t offset = 0;
  std::size_t size = 0;
  std::size_t first_media = 0;
  std::size_t end_media = 0;
};

}  // namespace chatvim::document
