// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/set_value.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/catalogue.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/settings/settings.hpp"

namespace chatvim::chat {

/// Returns the edit that sets the model of a document, or an error if no provider has a model of
/// that name. A document without front matter gets one. `chat` is the result of reading `lines`.
Result<LineEdit> set_model(const Chat& chat, std::span<const std::string_view> lines,
                           const std::string& name, const Environment& environment);

/// Returns the provider of the model if it is a local server that was not named before
/// (`provider::Provider::is_guess`), else nothing.
std::optional<std::string> guess_of(const Chat& chat, const std::string& name,
                                    const Environment& environment);

/// Whether a provider's models are offered: it has a key, or needs none and has a table in the
/// user's configuration. Local servers that are only built in may not be there.
bool is_set_up(const provider::Provider& row, const settings::Settings& settings,
               const Environment& environment);

/// Returns the models of a provider. Those that the user listed come first, then the default.
std::vector<provider::Model> models_of(const provider::Provider& row,
                                       const provider::Catalogue& catalogue);

/// Returns the models that a chat can choose from: those of the providers that are set up. The
/// result is a list of objects with `name` (PROVIDER/NAME), `setting` (the shortest setting with
/// the same meaning in this chat), `current`, and, if known, `context` and `price`.
Result<Json> list_models(const Chat& chat, const Environment& environment);

}  // namespace chatvim::chat
