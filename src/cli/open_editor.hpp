// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/environment.hpp"

namespace chatvim::cli {

/// Returns the command line that opens Neovim on `file`, or on a new chat if that is empty. The
/// plugin is loaded from `plugin_folder` ("": nowhere) unless Neovim has it already. Neovim is the
/// user's editor, with its arguments, if that is one, else `nvim` on $PATH.
std::vector<std::string> editor_arguments(const Environment& environment, std::string_view file,
                                          std::string_view plugin_folder);

/// Returns the plugin's folder, seen from this program's path, or "".
std::string plugin_folder_of(const std::string& program);

/// Whether the program's only argument names a chat to open: a markdown file, which need not exist.
bool is_chat_file(const std::string& argument);

/// Turns this process into Neovim. Returns, with the reason in `errno`, if that is impossible or
/// there is no terminal for it.
void open_editor(const Environment& environment, std::string_view file);

}  // namespace chatvim::cli
