// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/document/message.hpp"

namespace chatvim::document {

/// The delimiters of a chat and the white space that a writer puts around them. The settings check
/// them: one line each, non-blank, no white space at either end, the three differ; prefix and
/// suffix are white space.
struct Format {
  std::string user_delimiter = "# === USER ===";
  std::string assistant_delimiter = "# === ASSISTANT ===";
  std::string system_delimiter = "# === SYSTEM ===";
  std::string delimiter_prefix = "\n\n";
  std::string delimiter_suffix = "\n\n";

  std::string_view delimiter_of(Role role) const;
};

/// The line that opens a kept reasoning block, and the one that closes it.
inline constexpr std::string_view kReasoningOpen = "<details><summary>Reasoning</summary>";
inline constexpr std::string_view kReasoningClose = "</details>";

}  // namespace chatvim::document
