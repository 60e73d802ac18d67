// SPDX-License-Identifier: Apache-2.0
#include "open_editor.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <sstream>

#include "chatvim/loop/system.hpp"
#include "chatvim/loop/terminal.hpp"

namespace chatvim::cli {

namespace {

namespace fs = std::filesystem;

/// Where the plugin is, seen from the folder of the program as it is installed
/// (cmake/Install.cmake).
constexpr const char* kInstalled = "../share/nvim/site/pack/chatvim/start/chatvim";

/// What makes a command more than words that blanks separate.
constexpr std::string_view kShellCharacters = "\"'\\$`~*?[]{}#;&|<>()\n";

/// Returns the program of the user's Neovim and its first arguments.
std::vector<std::string> nvim_of(const Environment& environment) {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const std::string command = environment(name).value_or("");
    std::istringstream stream(command);
    const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
    if (words.empty() || fs::path(words.front()).filename() != "nvim") continue;
    if (command.find_first_of(kShellCharacters) == std::string::npos) return words;
    // As git does it: the variable is a command for the shell.
    return {"sh", "-c", command + " \"$@\"", "sh"};
  }
  return {"nvim"};
}

/// Returns a string of Vim script.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char character : text) {
    out += character;
    if (character == '\'') out += '\'';
  }
  return out + "'";
}

std::string load_from(std::string_view folder) {
  return fmt::format(
      "if exists(':ChatvimNew') != 2 | execute 'set runtimepath^=' . fnameescape(escape({}, "
      "'\\,')) "
      "| runtime plugin/chatvim.lua | endif",
      quoted(folder));
}

/// Without the plugin there is nothing to open a chat with, so an empty Neovim says what to do.
constexpr const char* kNewChat =
    "if exists(':ChatvimNew') == 2 | execute 'ChatvimNew' | else | echo 'Install the plugin "
    "chatvim "
    "to open a chat here.' | endif";

}  // namespace

std::vector<std::string> editor_arguments(const Environment& environment, std::string_view file,
                                          std::string_view plugin_folder) {
  std::vector<std::string> arguments = nvim_of(environment);
  // Neovim runs these when the user's plugins have been loaded.
  if (!plugin_folder.empty()) {
    arguments.insert(arguments.end(), {"-c", load_from(plugin_folder)});
  }
  const std::string open = fmt::format("execute 'edit ' . fnameescape({})", quoted(file));
  arguments.insert(arguments.end(), {"-c", file.empty() ? kNewChat : open});
  return arguments;
}

std::string plugin_folder_of(const std::string& program) {
  const fs::path folder = fs::path(program).parent_path();
  // build.lua leaves the program in build/release of the plugin's folder. Nowhere else is a folder
  // above it trusted: Neovim runs what is there.
  const bool is_built =
      folder.filename() == "release" && folder.parent_path().filename() == "build";
  const fs::path plugin =
      is_built ? folder.parent_path().parent_path() : (folder / kInstalled).lexically_normal();
  const bool is_there = loop::is_regular_file((plugin / "plugin/chatvim.lua").string());
  return is_there ? plugin.string() : std::string();
}

bool is_chat_file(const std::string& argument) {
  return fs::path(argument).extension() == ".md" && !argument.starts_with('-') &&
         argument.find('\n') == std::string::npos && !loop::is_folder(argument);
}

void open_editor(const Environment& environment, std::string_view file) {
  if (!loop::is_terminal(loop::standard_input()) || !loop::is_terminal(loop::standard_output())) {
    errno = ENOTTY;
    return;
  }
  loop::become(editor_arguments(environment, file, plugin_folder_of(loop::program_path())));
}

}  // namespace chatvim::cli
