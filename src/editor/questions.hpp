// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/environment.hpp"
#include "chatvim/store/calibration.hpp"
#include "lua.hpp"
#include "protocol.hpp"
#include "sent_chat.hpp"

namespace chatvim::editor {

/// Answers what Lua asks about a chat without sending anything: each method handles the message of
/// its name. All that is given to it must outlive it.
class Questions {
 public:
  Questions(Lua& lua, ChatReader& chats, const Environment& environment,
            store::Calibration& calibration)
      : lua_(lua), chats_(chats), environment_(environment), calibration_(calibration) {}

  void request(const Message& message);
  void messages(const Message& message);
  void format(const Message& message);
  void models(const Message& message);
  void set_model(const Message& message);
  void answers(const Message& message);
  void choose(const Message& message);
  void set_title(const Message& message);
  void tools(const Message& message);
  void set_tools(const Message& message);
  void embeds(const Message& message);
  void blocks(const Message& message);
  void patch(const Message& message);
  void trust(const Message& message);

 private:
  Lua& lua_;
  ChatReader& chats_;
  const Environment& environment_;
  store::Calibration& calibration_;
};

}  // namespace chatvim::editor
