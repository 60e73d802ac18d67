// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <msgpack.hpp>
#include <string>
#include <string_view>

#include "chatvim/loop/loop.hpp"

namespace chatvim::rpc {

/// Reads msgpack objects from one descriptor and writes bytes to another, without ever blocking.
class Transport {
 public:
  struct Events {
    std::function<void(const msgpack::object&)> on_object;
    /// Called once; may destroy the transport. The reason is empty if the peer has closed the
    /// channel, else it describes the invalid bytes.
    std::function<void(const std::string& reason)> on_closed;
  };

  Transport(loop::Loop& loop, int input, int output, Events events);

  void write(std::string_view bytes);
  std::size_t unsent_bytes() const { return unsent_.size() - written_; }

 private:
  void read();
  void take_frames();
  void flush();
  void close(const std::string& reason = "");

  int input_;
  int output_;
  Events events_;
  std::unique_ptr<msgpack::unpacker> unpacker_;  ///< a moved unpacker would point into the old
  std::string unsent_;
  std::size_t written_ = 0;
  std::size_t unfinished_ = 0;  ///< bytes read since the last complete message
  bool closed_ = false;
  loop::Watcher reader_;
  loop::Watcher writer_;
};

}  // namespace chatvim::rpc
