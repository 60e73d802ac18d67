// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::lsp {

/// Limit of a message's body, in bytes.
inline constexpr std::size_t kMostBody = 512UL * 1024 * 1024;

/// Takes messages out of a byte stream that may be cut anywhere (LSP 3.17, "Base Protocol").
class Framing {
 public:
  /// Adds bytes from the client.
  void feed(std::string_view bytes) { unread_ += bytes; }
  /// Returns the body of the next complete message, or nothing yet. After an error, which says what
  /// is wrong with a header, the stream cannot be read any further.
  Result<std::optional<std::string>> next();

 private:
  Result<bool> read_header();

  std::string unread_;
  std::size_t searched_ = 0;         // bytes of `unread_` that hold no end of a header
  std::optional<std::size_t> size_;  // of the body whose header has been read
};

/// Returns a message with its header.
std::string frame(std::string_view body);

}  // namespace chatvim::lsp
