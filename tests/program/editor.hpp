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

/// What the program told the plugin: the name and the map of a call of `receive`.
struct Message {
  std::string name;
  Json map;
};

/// An answer as it came over the channel.
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
  /// Sends any bytes.
  void send_bytes(std::string_view bytes);
  /// Waits for a message of that name that has not been taken yet, about the answer `id` if one is
  /// given, and takes it.
  Json wait(const std::string& name, int id = 0);
  /// Waits until the program has dealt with everything that was sent before.
  void sync();
  /// Asks for an answer.
  void complete(int id, std::string_view text, const Json& settings = Json::object());
  /// Takes an answer's updates, acknowledging each, up to its end.
  Answer take_answer(int id);
  /// The messages that have come and were not taken.
  const std::vector<Message>& waiting() const { return waiting_; }
  /// How many of them have the name and are about the answer.
  int count(const std::string& name, int id = 0) const;
  /// The method of the first frame that the program sent.
  const std::string& first_method() const { return first_method_; }
  Process& process() { return process_; }
  /// All bytes that the program sent and that were looked at.
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

/// A value's bytes in msgpack.
std::string pack(const Json& value);

}  // namespace chatvim::testing
