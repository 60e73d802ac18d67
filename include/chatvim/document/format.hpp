// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "chatvim/document/message.hpp"

namespace chatvim::document {

/// The delimiters of a chat and the white space that the writer puts around them. The settings
/// validate them: each delimiter is a single non-blank line without leading or trailing white
/// space, all three differ, and prefix and suffix consist of white space.
struct Format {
  std::string user_delimiter = "# === USER ===";
  std::string assistant_delimiter = "# === ASSISTANT ===";
  std::string system_delimiter = "# === SYSTEM ===";
  std::string delimiter_prefix = "\n\n";
  std::string delimiter_suffix = "\n\n";

  std::string_view delimiter_of(Role role) const;
};

/// The lines that open and close a saved reasoning block.
inline constexpr std::string_view kReasoningOpen = "<details><summary>Reasoning</summary>";
inline constexpr std::string_view kReasoningClose = "</details>";
/// The beginnings of the lines that open a call, and a state, in an answer (doc/format.md, section
/// 7). Without the white space at their ends, which a line of text may lack.
inline constexpr std::string_view kCallBeginning = "<details><summary>Step";
inline constexpr std::string_view kStateBeginning = "<!-- chatvim:state";
/// The beginnings of the lines that open another answer of the same question, and that say where an
/// answer comes from (section 8).
inline constexpr std::string_view kOtherBeginning = "<details><summary>Answer:";
inline constexpr std::string_view kProvenanceBeginning = "<!-- chatvim:answer";
/// All of these.
inline constexpr std::array kBlockBeginnings = {kCallBeginning, kStateBeginning, kOtherBeginning,
                                                kProvenanceBeginning};
/// The lines that close a call or another answer, and a state.
inline constexpr std::string_view kCallClose = "</details>";
inline constexpr std::string_view kStateClose = "-->";

}  // namespace chatvim::document
