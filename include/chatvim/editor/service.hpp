// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "chatvim/environment.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/rpc/channel.hpp"

namespace chatvim::editor {

/// After this long without use the program gives free memory back.
inline constexpr std::chrono::seconds kMemoryKept{60};

/// The program as the plugin's other half: handles the messages that Lua sends (doc/protocol.md
/// lists them). A message with a missing or wrong field is answered with `failed` and otherwise
/// ignored.
class Service {
 public:
  /// All must outlive the service. `log` takes one line, without text of a chat or a key.
  struct Parts {
    loop::Loop& loop;
    http::Client& client;
    rpc::Channel& channel;
    Environment environment;
    std::string version;
    std::function<void(const std::string&)> log;
    loop::Duration memory_kept = kMemoryKept;
  };

  explicit Service(Parts parts);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::editor
