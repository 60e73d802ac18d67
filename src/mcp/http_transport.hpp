// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/tools/server.hpp"
#include "transport.hpp"

namespace chatvim::mcp {

/// A server at a URL ("Streamable HTTP"): each message is a POST, whose answer is JSON or a stream
/// of events. Destroying this closes all streams.
class HttpTransport final : public Transport {
 public:
  HttpTransport(loop::Loop& loop, http::Client& http, const tools::Server& server,
                TransportHandler& handler);
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;
  ~HttpTransport() override;

  Result<void> start() override;
  void send(const action::Send& message) override;
  void forget(Id id) override;
  void silence() override;

 private:
  class Post;
  friend class Post;

  http::Request make_request(const action::Send& message) const;
  void end(Id key);

  loop::Loop& loop_;
  http::Client& http_;
  tools::Server server_;
  TransportHandler* handler_;
  /// By the id of the request; negative for messages without one.
  std::map<Id, std::shared_ptr<Post>> posts_;
  Id last_key_ = 0;
  std::string session_;  ///< of an old server that has sessions
  /// Messages that wait until `notifications/initialized` has arrived: each message is a connection
  /// of its own, so that they could overtake it.
  std::deque<action::Send> held_;
  Id held_for_ = 0;
};

}  // namespace chatvim::mcp
