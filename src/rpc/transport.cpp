// SPDX-License-Identifier: Apache-2.0
#include "transport.hpp"

#include <utility>

#include "chatvim/loop/system.hpp"

namespace chatvim::rpc {

namespace {

// A chat of megabytes arrives as one frame. The unpacker's buffer grows by doubling; each read
// takes as much as the pipe provides.
constexpr std::size_t kReadBytes = 64 * 1024;
// Twice the read size, so that the first read fits without reallocation.
constexpr std::size_t kInitialBuffer = 2 * kReadBytes;
constexpr std::size_t kMostKept = 1024 * 1024;
// The unpacker allocates a list or map as soon as it has read its size: 24 or 48 bytes per item on
// each level.
constexpr std::size_t kMostItems = 64 * 1024;
constexpr std::size_t kMostBytes = 512 * 1024 * 1024;
constexpr std::size_t kMostDepth = 64;

msgpack::unpack_limit limits() {
  return {kMostItems, kMostItems, kMostBytes, kMostBytes, kMostBytes, kMostDepth};
}

/// Large strings stay in the unpacker's buffer for the lifetime of the object; they are copied
/// once, into JSON.
bool keep_reference(msgpack::type::object_type, std::size_t, void*) { return true; }

std::unique_ptr<msgpack::unpacker> new_unpacker() {
  return std::make_unique<msgpack::unpacker>(keep_reference, nullptr, kInitialBuffer, limits());
}

}  // namespace

Transport::Transport(loop::Loop& loop, int input, int output, Events events)
    : input_(input),
      output_(output),
      events_(std::move(events)),
      unpacker_(new_unpacker()),
      reader_(loop, input, [this] { read(); }),
      writer_(loop, output, nullptr, [this] { flush(); }) {
  loop::set_nonblocking(input_);
  loop::set_nonblocking(output_);
}

void Transport::read() {
  // Bounded, so that endless input cannot hold up the answers.
  for (int rounds = 0; rounds < 16 && !closed_; ++rounds) {
    unpacker_->reserve_buffer(kReadBytes);
    std::size_t count = 0;
    switch (loop::read_some(input_, unpacker_->buffer(), unpacker_->buffer_capacity(), count)) {
      case loop::Transfer::kDone:
        unpacker_->buffer_consumed(count);
        unfinished_ += count;
        take_frames();
        break;
      case loop::Transfer::kWouldBlock:
        return;
      case loop::Transfer::kClosed:
        close();
        return;
    }
  }
}

void Transport::take_frames() {
  try {
    msgpack::object_handle handle;
    bool was_large = false;
    while (!closed_ && unpacker_->next(handle)) {
      was_large = was_large || unfinished_ > kMostKept;
      unfinished_ = 0;
      events_.on_object(handle.get());
    }
    // Its buffer never shrinks and would stay as large as the largest message so far.
    if (was_large && unpacker_->message_size() == 0) unpacker_ = new_unpacker();
    // The unpacker checks the size of a string only once it is complete.
    if (unfinished_ > kMostBytes) close("a message is larger than 512 MiB");
  } catch (const msgpack::unpack_error& error) {
    // After a broken frame, the start of the next one cannot be found.
    close(std::string("bytes that are not msgpack: ") + error.what());
  }
}

void Transport::write(std::string_view bytes) {
  if (closed_) return;
  unsent_ += bytes;
  flush();
}

void Transport::flush() {
  while (written_ < unsent_.size()) {
    std::size_t count = 0;
    const auto result =
        loop::write_some(output_, std::string_view(unsent_).substr(written_), count);
    if (result == loop::Transfer::kClosed) {
      close();
      return;
    }
    if (result == loop::Transfer::kWouldBlock) {
      writer_.want_write(true);
      return;
    }
    written_ += count;
  }
  unsent_.clear();
  written_ = 0;
  writer_.want_write(false);
}

void Transport::close(const std::string& reason) {
  if (std::exchange(closed_, true)) return;
  reader_.want_read(false);
  writer_.want_write(false);
  events_.on_closed(reason);
}

}  // namespace chatvim::rpc
