// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::chat {

/// Lines of a document, from index `first` up to `last`, and what takes their place.
struct LineEdit {
  std::size_t first = 0;
  std::size_t last = 0;
  std::vector<std::string> lines;
};

/// What sets the model of a document, once the name is one that a provider has. A document without
/// front matter gets one. `chat` is the reading of `lines`.
Result<LineEdit> set_model(const Chat& chat, std::span<const std::string_view> lines,
                           const std::string& name, const Environment& environment);

/// The provider of a model of that name, where it is a server on this machine that was not named
/// before (`provider::Provider::is_guess`).
std::optional<std::string> guess_of(const Chat& chat, const std::string& name,
                                    const Environment& environment);

/// The models that a chat can choose from, those of the providers that have a key or that the user
/// has set up without one: a list of objects with `name` (PROVIDER/NAME), `setting` (the shortest
/// that means the same in this chat), `current`, and as far as known `context` and `price`.
Result<Json> list_models(const Chat& chat, const Environment& environment);

}  // namespace chatvim::chat
