// SPDX-License-Identifier: Apache-2.0
#include "chatvim/embed/expand.hpp"

#include <utility>

namespace chatvim::embed {

Expansion expand(std::vector<document::Message> messages, const Context& /*context*/,
                 const Files& /*files*/) {
  Expansion expansion;
  expansion.messages = std::move(messages);
  return expansion;
}

}  // namespace chatvim::embed
