// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatvim::tools {

/// The name of the built-in server, whose tools read files.
inline constexpr std::string_view kFileServer = "files";

/// When the user is asked before a tool is called.
enum class Ask {
  kUntilAllowed,  ///< until the user has allowed that tool for good (the default)
  kAlways,        ///< before each call
  kNever
};

/// A server of tools, as the user has configured it (`[tools.NAME]`, or an entry of one of
/// `mcp_files`). Has either a command or a URL; the built-in one has neither.
struct Server {
  std::string name;
  std::vector<std::string> command;  ///< program and arguments; started without a shell
  std::string url;                   ///< http or https
  /// The command, or the URL alone, as it is written: what is shown and kept. Variables in it are
  /// not replaced, because their values may be secret.
  std::vector<std::string> written;
  /// The values of `environment`, in its order, as they are written.
  std::vector<std::string> written_values;
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to the few that it gets
  std::vector<std::pair<std::string, std::string>> headers;      ///< for a URL
  /// Working folder of the command; empty: the user's home folder; ".": the chat's folder.
  std::string folder;
  double timeout = 60;  ///< seconds without progress after which a call fails
  Ask ask = Ask::kUntilAllowed;
  std::vector<std::string> only;  ///< names of its tools to offer; empty: all
  bool sandbox = false;           ///< run the command in bubblewrap
  bool enabled = false;           ///< offered in chats that do not set `tools`
  std::string source;             ///< the file that defines it, for the user
};

/// Whether a name can be a server's: at most 40 of `A-Za-z0-9_-`, and no `__`, which separates it
/// from the tool's name on the wire.
bool is_server_name(std::string_view name);

/// Whether a program is named by its whole path (perhaps below `~`), or without a slash, to be
/// found on PATH. The folder that a server is started in depends on the chat, so another path would
/// run what a folder from elsewhere has there.
bool is_fixed_program(std::string_view program);

/// The folder of a server that is to be started in the folder of its chat.
inline constexpr std::string_view kChatFolder = ".";

/// Whether a folder is a whole path (perhaps below `~`), or `kChatFolder`.
bool is_fixed_folder(std::string_view folder);

/// Returns what the user's consent to a server is tied to: its URL, or its command, the variables
/// that it gets (a variable such as NODE_OPTIONS decides what runs; of each value only a hash), its
/// folder, and whether it runs in a sandbox, as JSON. A secret that comes from a variable of ours
/// is not in it.
std::string command_line(const Server& server);

}  // namespace chatvim::tools
