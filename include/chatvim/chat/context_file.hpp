// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "chatvim/chat/origin.hpp"
#include "chatvim/error.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::chat {

/// The name of the file with which a folder offers context to the chats below it.
inline constexpr const char* kContextName = ".chatvim.md";

/// The nearest `.chatvim.md` in the chat's folder or above it, and the decision about it.
struct ContextFile {
  enum class Decision { kNone, kUse, kLeave, kAsk };
  Decision decision = Decision::kNone;  ///< `kNone`: there is no such file
  std::string path;                     ///< resolved; empty if there is none
  std::string text;  ///< its text, read once, so that the user approves the same text that is used
  std::optional<std::string> before;  ///< the text that was used last, if it has changed since
};

/// Finds the context file, at most 64 folders up. It is used only if the user has accepted its
/// current text, in the editor or with `--allow`; the chat itself cannot allow it. A file that is
/// allowed but cannot be read is an error.
Result<ContextFile> find_context_file(const Origin& origin, const Environment& environment);

}  // namespace chatvim::chat
