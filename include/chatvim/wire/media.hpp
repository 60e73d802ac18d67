// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "chatvim/document/message.hpp"
#include "chatvim/error.hpp"
#include "chatvim/provider/catalogue.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::wire {

/// Whether the pictures and PDFs of the messages can be sent to this model, as far as is known
/// before the provider has seen them: that it takes such, where they stand, how large and how many
/// they are. `kBadEmbed` with one sentence about the first that cannot.
Result<void> check_media(const provider::Provider& provider,
                         const std::optional<provider::Model>& facts, std::string_view model,
                         std::span<const document::Message> messages);

}  // namespace chatvim::wire
