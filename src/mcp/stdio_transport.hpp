// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chatvim/loop/duplex_process.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/tools/server.hpp"
#include "error_log.hpp"
#include "framing.hpp"
#include "transport.hpp"

namespace chatvim::mcp {

/// A server that is a process, over its standard input and output: one message a line. Destroying
/// this ends the process in the background.
class StdioTransport final : public Transport, private loop::ProcessHandler {
 public:
  StdioTransport(loop::Loop& loop, const tools::Server& server,
                 const std::vector<std::pair<std::string, std::string>>& environment,
                 TransportHandler& handler);

  Result<void> start() override;
  void send(const action::Send& message) override;
  void forget(Id) override {}
  void silence() override { handler_ = nullptr; }

 private:
  void on_output(std::string_view bytes) override;
  void on_error_output(std::string_view bytes) override;
  void on_end(int exit_code) override;
  void log(std::string_view line);

  loop::Loop& loop_;
  std::string name_;
  loop::ProcessOptions options_;
  TransportHandler* handler_;
  Framing framing_;
  ErrorLog errors_;
  std::unique_ptr<loop::DuplexProcess> process_;
};

}  // namespace chatvim::mcp
