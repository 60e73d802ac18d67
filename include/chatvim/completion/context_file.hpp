// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/completion/origin.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::completion {

/// The name of the file that a folder offers to the chats below it.
inline constexpr const char* kContextName = ".chatvim.md";

/// The nearest `.chatvim.md` in the folder of a chat or above it, and what is decided about it.
struct ContextFile {
  enum class Decision { kNone, kUse, kLeave, kAsk };
  Decision decision = Decision::kNone;  ///< none: there is no such file
  std::string path;                     ///< resolved; empty where there is none
};

/// Looks for it, at most 64 folders up. It is used where the user said so, in the editor or with
/// `--allow`; a chat's text has no say in that.
ContextFile find_context_file(const Origin& origin, const provider::Environment& environment);

}  // namespace chatvim::completion
