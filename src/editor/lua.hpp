// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/rpc/channel.hpp"

namespace chatvim::editor {

/// `error` as the fields `code`, `level` and `message` of a message to Lua.
Json describe_error(const Error& error);

/// Sends messages to the plugin. All that is given to it must outlive it.
class Lua {
 public:
  /// `log` takes one line, without text of a chat or a key.
  Lua(rpc::Channel& channel, std::function<void(const std::string&)> log);

  void send(const std::string& name, const Json& map);
  /// The answer to a question: its value, or why there is none.
  void send_result(std::int64_t id, const Result<Json>& value);
  /// What went wrong outside of any answer or question; it is logged too.
  void send_failed(const Error& error);
  void log(const std::string& line) { log_(line); }

 private:
  rpc::Channel& channel_;
  std::function<void(const std::string&)> log_;
};

}  // namespace chatvim::editor
