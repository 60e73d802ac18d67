// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "chatvim/http/client.hpp"
#include "chatvim/sse/parser.hpp"
#include "framing.hpp"
#include "http_transport.hpp"

namespace chatvim::mcp {

/// One message to the server, and what comes back for it.
class HttpTransport::Post final : public http::Handler {
 public:
  Post(HttpTransport& transport, Id key, const action::Send& message);

  /// Sends it. The transport owns this until it ends.
  void start(http::Request request) {
    if (!ended_) transfer_ = transport_.http_.start(std::move(request), *this);
  }
  /// Closes the connection, and calls nothing more.
  void stop() {
    ended_ = true;
    transfer_.reset();
  }

 private:
  void on_connected() override {}
  void on_head(int status, const http::Headers& headers) override;
  void on_body(std::string_view bytes) override;
  void on_end(Result<void> result) override;

  void take_event(std::string_view data);
  void take_body();
  void take_failure(const Error& why);
  void refuse(ErrorCode code, std::string message);
  void refuse_too_long();
  std::string status_message() const;
  void finish();
  std::string name() const { return transport_.server_.name; }

  HttpTransport& transport_;
  Id key_;
  bool is_initialize_;
  bool had_session_;
  bool ended_ = false;
  int status_ = 0;
  bool is_stream_ = false;
  sse::Parser parser_;
  MessageBuffer body_;
  std::unique_ptr<http::Transfer> transfer_;
};

}  // namespace chatvim::mcp
