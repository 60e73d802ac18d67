// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "connection.hpp"
#include "job.hpp"

namespace chatvim::toolbox {

/// Something done with a server: it is started if the user allows that, its list is read, and then
/// perhaps one of its tools is called.
class ServerCall final : public Job {
 public:
  struct Target {
    Connection& connection;
    tools::Server server;
    /// Returns whether the chat may use a tool of the server.
    std::function<bool(const tools::Tool&)> may_use;
  };
  /// `call` is null if only the list is wanted.
  ServerCall(loop::Loop& loop, Consents& consents, CallContext context, Target target,
             const document::ToolCall* call, std::function<void(CallEnd)> on_done);

  void start();

 private:
  void list();
  void find_tool();
  void run(const tools::Tool& tool);

  Target target_;
  bool calls_ = false;
  document::ToolCall call_;
  std::unique_ptr<mcp::Call> running_;
};

}  // namespace chatvim::toolbox
