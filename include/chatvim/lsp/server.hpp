// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/json.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/toolbox/toolbox.hpp"

namespace chatvim::lsp {

/// A language server for chats (LSP 3.17), without its transport. It keeps the open documents,
/// answers questions about those that are chats and says nothing about others, and writes answers
/// by `workspace/applyEdit`. Messages are handled in order from the loop, so that a request can be
/// cancelled while it waits for its turn.
class Server {
 public:
  /// All references must outlive the server.
  struct Parts {
    loop::Loop& loop;
    http::Client& client;
    store::KeyRing& keys;
    store::Calibration& calibration;
    toolbox::Toolbox& tools;
    Environment environment;
    std::string version;
    std::function<void(const Json& message)> send;
    /// Called after `exit`, with the exit code that the protocol wants: 0 after `shutdown`, else 1.
    std::function<void(int code)> on_exit;
    std::function<void(const std::string& line)> log;
  };

  explicit Server(Parts parts);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Takes the body of a message from the client. Bytes that are not UTF-8, as a document may have
  /// them, become `?`, so that no position changes. What is not a message of JSON-RPC 2.0 is
  /// answered with an error.
  void receive(std::string body);
  /// Notes that an answer outside of this server ended because a parameter was refused ("": none),
  /// for a code action in the chat at `path`.
  void note_refused(const std::string& path, const std::string& parameter);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::lsp
