// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/embeds.hpp"
#include "chatvim/chat/mode.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/environment.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "lua.hpp"
#include "protocol.hpp"

namespace chatvim::editor {

/// A chat that Lua sent. The lines are views into the message's map.
struct SentChat {
  std::int64_t id;
  std::vector<std::string_view> lines;
  chat::ChatReading reading;
  chat::Origin origin;
};

/// Reads the chats that Lua sends, and makes their requests. All that is given to it must outlive
/// it.
class ChatReader {
 public:
  ChatReader(Lua& lua, const Environment& environment, store::KeyRing& keys,
             store::Calibration& calibration, toolbox::Toolbox& tools)
      : lua_(lua),
        environment_(environment),
        keys_(keys),
        calibration_(calibration),
        tools_(tools) {}

  /// Reads a chat and sends its diagnostics.
  SentChat read(const Message& message);
  /// The request of a chat, its embeds in place and its tools offered.
  tl::expected<chat::Plan, chat::Blocker> plan(SentChat& sent, chat::Mode mode,
                                               chat::Purpose purpose);

 private:
  Lua& lua_;
  const Environment& environment_;
  store::KeyRing& keys_;
  store::Calibration& calibration_;
  toolbox::Toolbox& tools_;
};

}  // namespace chatvim::editor
