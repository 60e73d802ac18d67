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

/// A msgpack-RPC peer over two descriptors (specification: msgpack-rpc/spec.md; Neovim's dialect,
/// `:h api`). Strings are bytes and may not be UTF-8. A frame that is not a valid message is
/// reported to `on_error` and skipped; bytes that are not msgpack close the channel. A frame may
/// have at most 512 MiB, 64 levels, and 65,536 items per list or map.
class Channel {
 public:
  using Handler = std::function<void(Json arguments)>;
  using RequestHandler = std::function<Result<Json>(const Json& arguments)>;

  struct Events {
    /// Called once when the channel closes. `reason` is empty if the peer has closed it, else it
    /// describes the bytes that are not msgpack.
    std::function<void(const std::string& reason)> on_closed;
    /// Reports an invalid message, an unknown method or an error from the peer.
    std::function<void(const std::string&)> on_error;
  };

  /// Watches the descriptors, makes them non-blocking and does not own them.
  Channel(loop::Loop& loop, int input, int output, Events events);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  /// Sets the handler of a notification; its argument is the array of arguments from the peer.
  void on_notification(std::string method, Handler handler);
  /// Sets the handler of a request; what it returns is the response.
  void on_request(std::string method, RequestHandler handler);
  /// Sends a notification. Never blocks: what does not fit is written once the peer reads.
  void notify(std::string_view method, const Json& arguments);
  /// Returns the number of bytes that the peer has not read yet.
  std::size_t unsent_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatvim::rpc
