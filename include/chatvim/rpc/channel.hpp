// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/loop/loop.hpp"

namespace chatvim::rpc {

/// A msgpack-RPC peer over two descriptors: frames in, frames out (specification:
/// msgpack-rpc/spec.md; Neovim's dialect, `:h api`). Strings are bytes, maybe not UTF-8. A frame
/// that is no message is reported to `on_error` and skipped; bytes that are not msgpack close the
/// channel. One frame is at most 512 MiB, 64 levels deep, with 65,536 items in a list or map.
class Channel {
 public:
  using Handler = std::function<void(Json arguments)>;
  using RequestHandler = std::function<Result<Json>(const Json& arguments)>;

  struct Events {
    /// The peer is gone, or sent bytes that are not msgpack: then `reason` says so, else it is
    /// empty. Called once.
    std::function<void(const std::string& reason)> on_closed;
    /// A frame that is no message, an unknown method, an error the peer reports.
    std::function<void(const std::string&)> on_error;
  };

  /// Watches the descriptors, which it does not own and makes non-blocking.
  Channel(loop::Loop& loop, int input, int output, Events events);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  /// Binds a notification; its arguments are the array that the peer sent.
  void on_notification(std::string method, Handler handler);
  /// Binds a request, answered with what the handler returns.
  void on_request(std::string method, RequestHandler handler);
  /// Sends a notification. Never blocks: what does not fit is written when the peer reads.
  void notify(std::string_view method, const Json& arguments);
  /// Bytes that the peer has not taken yet.
  std::size_t unsent_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::rpc
