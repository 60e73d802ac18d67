// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/mcp/client.hpp"
#include "chatvim/tools/server.hpp"
#include "chatvim/tools/tool.hpp"

namespace chatvim::toolbox {

/// One server, and its list of tools once it has been asked for it. Ends the server when it has not
/// been used for a while; the next use starts it again.
class Connection {
 public:
  struct Parts {
    loop::Loop& loop;
    http::Client& http;
    std::string version;  ///< of this program
    std::function<void(std::string_view line)> log;
    /// Called with each new list.
    std::function<void(const std::vector<tools::Tool>& tools, mcp::Kind kind)> on_list;
  };
  Connection(Parts parts, tools::Server server,
             std::vector<std::pair<std::string, std::string>> environment, mcp::Kind kind);

  /// Whether the server has been started and not ended since.
  bool is_started() const { return client_ != nullptr; }
  /// Whether a list has been read, however old.
  bool has_list() const { return has_list_; }
  /// Whether the list is what the server says now.
  bool is_listed() const { return listed_; }
  const std::vector<tools::Tool>& tools() const { return tools_; }
  /// Starts the server if necessary, and calls back from the loop when its list is known.
  void list(std::function<void(Result<void>)> on_done);
  /// Calls a tool by the server's own name for it.
  std::unique_ptr<mcp::Call> call(const std::string& tool, std::string_view arguments,
                                  std::function<void(tools::Result)> on_done);

 private:
  void start();
  void take(Result<std::vector<tools::Tool>> tools);
  void note_change();
  void note_use();

  Parts parts_;
  tools::Server server_;
  std::vector<std::pair<std::string, std::string>> environment_;
  mcp::Kind kind_;
  std::unique_ptr<mcp::Client> client_;
  bool has_list_ = false;
  bool listed_ = false;
  bool listing_ = false;
  bool changed_ = false;  ///< while it was being listed
  std::vector<tools::Tool> tools_;
  std::vector<std::function<void(Result<void>)>> waiting_;
  loop::Timer idle_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace chatvim::toolbox
