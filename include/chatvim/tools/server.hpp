// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace chatvim::tools {

/// When the user is asked before a tool is called.
enum class Ask {
  kUntilAllowed,  ///< until the user has allowed that tool for good (the default)
  kAlways,        ///< before each call
  kNever
};

/// A server of tools, as the user has configured it (`[tools.NAME]`, or an entry of one of
/// `mcp_files`). Has either a command or a URL.
struct Server {
  std::string name;
  std::vector<std::string> command;  ///< program and arguments; started without a shell
  std::string url;                   ///< http or https
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to the few that it gets
  std::vector<std::pair<std::string, std::string>> headers;      ///< for a URL
  std::string folder;   ///< working folder of the command; empty: the chat's folder
  double timeout = 60;  ///< seconds without progress after which a call fails
  Ask ask = Ask::kUntilAllowed;
  std::vector<std::string> only;  ///< names of its tools to offer; empty: all
  bool sandbox = false;           ///< run the command in bubblewrap
  bool enabled = false;           ///< offered in chats that do not set `tools`
  std::string source;             ///< the file that defines it, for the user
};

}  // namespace chatvim::tools
