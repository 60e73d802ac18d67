// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chatvim/json.hpp"

namespace chatvim::settings {

/// Whether any document may put this member into a request's body: parameters of the answer and
/// its form, which cost no more than an answer and send nothing to anybody else. Everything else in
/// a document's `body` is a demand, which the user is asked about.
bool may_say(std::string_view key, const Json& value);

/// Whether any document may leave this name out of a request's body: the names of `may_say`. What
/// keeps a chat private (`store`) or what the user has put there is not among them.
bool may_omit(std::string_view name);

/// Whether any document may choose this model. The suffix `:online` is a demand: OpenRouter's web
/// search costs extra and hands the question to a search engine, as the plugin `web` in `body`
/// does.
bool may_choose(std::string_view model);

}  // namespace chatvim::settings
