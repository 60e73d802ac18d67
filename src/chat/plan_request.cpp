// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/embeds.hpp"
#include "chatvim/chat/mode.hpp"

namespace chatvim::chat {

namespace {

/// Makes a chat ready to be answered in a mode, or returns why it is not.
Result<void> make_ready(ChatReading& reading, std::span<const std::string_view> lines, Mode mode) {
  if (auto checked = check_text(lines); !checked) return tl::unexpected(checked.error());
  if (!reading.chat) return tl::unexpected(reading.chat.error());
  return prepare(*reading.chat, lines, mode);
}

}  // namespace

tl::expected<Plan, Blocker> plan_request(ChatReading& reading,
                                         std::span<const std::string_view> lines,
                                         const Origin& origin, Mode mode, Purpose purpose,
                                         const Environment& environment,
                                         store::Calibration* calibration) {
  if (auto ready = make_ready(reading, lines, mode); !ready) {
    return tl::unexpected(Blocker{ready.error()});
  }
  Chat& chat = *reading.chat;
  if (purpose == Purpose::kSend) {
    if (reading.offered && origin.asks) return tl::unexpected(offered_context(*reading.offered));
    // Before any file of the user's is read for it.
    if (auto demand = find_demand(chat, origin, environment)) {
      return tl::unexpected(std::move(*demand));
    }
  }
  if (auto embedded = embed_files(chat, origin, environment); !embedded) {
    return tl::unexpected(std::move(embedded.error()));
  }
  return make_plan(chat, environment, purpose, calibration).map_error([](const Error& error) {
    return Blocker{error};
  });
}

}  // namespace chatvim::chat
