// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/document/message.hpp"

namespace chatvim::testing {

using document::Message;
using document::Part;
using document::Role;

/// A file's bytes in base64.
struct File {
  const char* name;
  const char* media_type;
  const char* base64;
};

/// A one-pixel picture of each type, and a PDF without pages.
inline constexpr std::array kFiles = {
    File{"a.png", "image/png",
         "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
         "AABJRU5ErkJggg=="},
    File{"a.jpg", "image/jpeg",
         "/9j/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQ"
         "CgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="},
    File{"a.gif", "image/gif", "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"},
    File{"a.webp", "image/webp", "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"},
    File{"docs/a.pdf", "application/pdf",
         "JVBERi0xLjEKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8"
         "PC9UeXBlL1BhZ2VzL0tpZHNbXS9Db3VudCAwPj5lbmRvYmoKdHJhaWxlcjw8L1Jvb3QgMSAwIFI+Pgol"
         "JUVPRgo="},
};

/// Decodes base64 independently of the program's encoder, which it checks.
inline std::string from_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<std::uint32_t>(kAlphabet.find(c));
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xFF);
    }
  }
  return bytes;
}

inline Part text(std::string said) { return {Part::Kind::kText, std::move(said)}; }

/// Returns a message part with the file's picture or PDF.
inline Part media(const File& file) {
  Part part{Part::Kind::kPicture, file.name, file.media_type};
  if (part.media_type == "application/pdf") part.kind = Part::Kind::kPdf;
  part.bytes = std::make_shared<const std::string>(from_base64(file.base64));
  return part;
}

/// Returns a message part with a picture given by URL.
inline Part address(const std::string& url) {
  Part part{Part::Kind::kPicture, url};
  part.url = url;
  return part;
}

/// Returns a user message with these parts.
inline Message says(std::vector<Part> parts) {
  Message message;
  message.parts = std::move(parts);
  return message;
}

}  // namespace chatvim::testing
