// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <msgpack.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "home.hpp"
#include "process.hpp"
#include "standin.hpp"

namespace chatvim::testing {

/// A message from the program to the plugin: the name and the map passed to `receive`.
struct Message {
  std::string name;
  Json map;
};

/// An answer as received over the channel.
struct Answer {
  std::string text;                  ///< what the updates append
  std::vector<std::string> updates;  ///< the text of each
  Json ended;
};

/// The plugin's side of the channel to `chatvim serve`, without a Neovim.
class Editor {
 public:
  explicit Editor(const Home& home, const std::vector<std::string>& more = {});

  /// Sends a notification.
  void send(const std::string& name, const Json& map);
  /// Sends raw bytes.
  void send_bytes(std::string_view bytes);
  /// Waits for the next message with that name, about the answer `id` if given, removes it from the
  /// queue and returns it.
  Json wait(const std::string& name, int id = 0);
  /// Waits until the program has processed everything sent so far.
  void sync();
  /// Requests an answer.
  void complete(int id, std::string_view text, const Json& settings = Json::object());
  /// Receives an answer's updates up to its end and acknowledges each of them.
  Answer take_answer(int id);
  /// The messages in the queue.
  const std::vector<Message>& waiting() const { return waiting_; }
  /// Returns the number of queued messages with that name, about the answer `id` if given.
  int count(const std::string& name, int id = 0) const;
  /// Returns the method of the first frame that the program sent.
  const std::string& first_method() const { return first_method_; }
  Process& process() { return process_; }
  /// Returns all bytes received and processed so far.
  const std::string& received() const { return received_; }

 private:
  void take_frames();
  void take_frame(const Json& frame);

  Process process_;
  msgpack::unpacker unpacker_;
  std::vector<Message> waiting_;
  std::string first_method_;
  std::string received_;
  int last_request_ = 0;
  int last_response_ = 0;
};

/// Encodes a value in msgpack.
std::string pack(const Json& value);

}  // namespace chatvim::testing
