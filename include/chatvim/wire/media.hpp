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

/// Checks that the pictures and PDFs in the messages can be sent to this model, as far as is known
/// in advance: whether the model accepts them, which role they appear in, their sizes and their
/// number. Fails with `kBadEmbed` and one sentence about the first that cannot be sent.
Result<void> check_media(const provider::Provider& provider,
                         const std::optional<provider::Model>& facts, std::string_view model,
                         std::span<const document::Message> messages);

}  // namespace chatvim::wire
