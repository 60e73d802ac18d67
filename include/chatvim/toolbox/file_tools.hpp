// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/embed/expand.hpp"
#include "chatvim/files/files.hpp"
#include "chatvim/tools/tool.hpp"

namespace chatvim::toolbox {

/// The result of a built-in tool. If one of the lists is not empty, the result is an error that
/// says so, and the call can be repeated once the user has decided.
struct FileResult {
  tools::Result result;
  std::vector<embed::Outside> outside = {};  ///< need the user's permission; none was read
  std::vector<embed::Secret> secrets = {};   ///< look like keys; the text is withheld
  std::vector<std::string> unsaved = {};     ///< files whose buffer text is needed
};

/// What a built-in tool may read: the same as the chat's embeds.
struct FileAccess {
  const embed::Context& context;
  bool allows_secrets = false;  ///< return any text, even if it looks like a key
  const files::Files& files = files::system_files();
};

/// Returns the built-in tools of the server "files", which write nothing. They have labels.
std::vector<tools::Tool> file_tools();

/// Calls a built-in tool by its name ("read", "list", "search" or "propose"). `arguments` is JSON text from a
/// model; whatever it holds, the result is a text for that model, within the limits of
/// `tools::limit_result`. A call looks at a limited number of files and bytes, so that it takes
/// some tens of milliseconds at most; if it ends early, its last line says how to continue.
FileResult call_file_tool(const std::string& name, std::string_view arguments,
                          const FileAccess& access);

}  // namespace chatvim::toolbox
