// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace chatvim::mcp {

/// Collects the bytes of one JSON message as they come, and drops what long strings have beyond
/// `kMostString`: of a result of many megabytes only the beginning is used, and parsing all of it
/// at once would hold up the loop.
class MessageBuffer {
 public:
  /// Adds the next bytes, split anywhere. After too many, all are dropped.
  void add(std::string_view bytes);
  /// Whether the message has more than `kMostMessage` bytes, or too many outside of strings.
  bool too_long() const { return too_long_; }
  std::string_view text() const { return text_; }
  /// The number of bytes dropped from long strings.
  std::size_t left_out() const { return left_out_; }
  void clear();

 private:
  std::size_t add_syntax(std::string_view bytes, std::size_t at);
  std::size_t add_string(std::string_view bytes, std::size_t at);
  std::size_t add_escape(std::string_view bytes, std::size_t at);

  std::string text_;
  std::size_t total_ = 0;        // bytes added
  std::size_t syntax_ = 0;       // bytes outside of strings
  std::size_t string_size_ = 0;  // bytes kept of the current string
  std::size_t left_out_ = 0;
  int escape_left_ = 0;  // bytes to come of the current escape
  bool escape_begins_ = false;
  bool escape_dropped_ = false;
  bool in_string_ = false;
  bool too_long_ = false;
};

/// Splits the output of a server into messages: one JSON text a line (MCP, transport "stdio"). Does
/// no I/O; the input may be split anywhere.
class Framing {
 public:
  struct Callbacks {
    /// A line that looks like JSON, not yet parsed.
    std::function<void(std::string_view json, std::size_t left_out)> on_message;
    /// A line that cannot be JSON, such as a banner.
    std::function<void(std::string_view line)> on_noise;
    /// A line is longer than a message may be; it is skipped.
    std::function<void()> on_too_long;
  };
  explicit Framing(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}

  /// Takes the next bytes. Callbacks must not destroy this object.
  void feed(std::string_view bytes);

 private:
  void end_line();

  Callbacks callbacks_;
  MessageBuffer line_;
};

}  // namespace chatvim::mcp
