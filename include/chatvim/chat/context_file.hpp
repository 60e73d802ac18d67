// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "chatvim/chat/origin.hpp"
#include "chatvim/error.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::chat {

/// The name of the file that a folder offers to the chats below it.
inline constexpr const char* kContextName = ".chatvim.md";

/// The nearest `.chatvim.md` in the folder of a chat or above it, and what is decided about it.
struct ContextFile {
  enum class Decision { kNone, kUse, kLeave, kAsk };
  Decision decision = Decision::kNone;  ///< none: there is no such file
  std::string path;                     ///< resolved; empty where there is none
  std::string text;  ///< what it holds: read once, so that what is asked about is what is used
  std::optional<std::string> before;  ///< the text that was used last, where it has changed
};

/// Looks for it, at most 64 folders up. It is used where the user said so for the text that it has,
/// in the editor or with `--allow`; a chat's text has no say in that. One that is allowed and
/// cannot be read is an error.
Result<ContextFile> find_context_file(const Origin& origin, const Environment& environment);

}  // namespace chatvim::chat
