// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/tools/server.hpp"
#include "chatvim/tools/tool.hpp"

namespace chatvim::mcp {

/// The two kinds of servers: those with a handshake (protocol versions up to 2025-11-25) and those
/// without (2026-07-28).
enum class Kind { kUnknown, kLegacy, kModern };

/// A call that runs. Destroying it cancels the call; its result is dropped then.
class Call {
 public:
  virtual ~Call() = default;
};

/// One server of the Model Context Protocol, over the standard input and output of a process of its
/// own, or over HTTP. Starts nothing until it is first used. Nothing here blocks.
class Client {
 public:
  struct Parts {
    loop::Loop& loop;
    http::Client& http;
    std::function<void(std::string_view line)> log;  ///< may be empty
    std::string version;                             ///< of this program
    /// Called when the server says that its list of tools has changed; may be empty.
    std::function<void()> on_tools_changed = {};
  };
  /// `environment` is the whole environment of the process, as NAME and value; `server.command`
  /// already has a sandbox around it if one is wanted, and `server.folder` is the folder to start
  /// in. `kind` is what is known from an earlier start.
  Client(Parts parts, tools::Server server,
         std::vector<std::pair<std::string, std::string>> environment, Kind kind = Kind::kUnknown);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  /// Cancels what runs and ends the server in the background (`end_servers` waits for that).
  ~Client();

  /// Starts the server if it does not run and asks for its tools, in the server's order. Their
  /// `label`s are not set. `on_done` is called once from the loop.
  void list(std::function<void(Result<std::vector<tools::Tool>>)> on_done);
  /// Calls a tool by the server's own name for it; `arguments` is a JSON object as text. `on_done`
  /// is called once, from the loop, with the text of the result. An error of the protocol or the
  /// connection is a result too (`is_error`).
  std::unique_ptr<Call> call(const std::string& tool, std::string_view arguments,
                             std::function<void(tools::Result)> on_done);
  /// The kind, once it is known.
  Kind kind() const;
  /// Whether a process runs, or a connection was made.
  bool is_running() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Ends all processes of servers of this program: at once, and within a second. For the end of the
/// program.
void end_servers();

}  // namespace chatvim::mcp
