// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chatvim/json.hpp"

namespace chatvim::settings {

/// Whether any document may add this member to a request's body without asking. This holds for
/// parameters of the answer and its format, which cost no more than an answer and send nothing to
/// third parties. Everything else in a document's `body` is a demand, which needs the user's
/// consent.
bool may_say(std::string_view key, const Json& value);

/// Whether any document may remove this name from a request's body: the names that `may_say`
/// allows. Excludes what keeps a chat private (`store`) and what the user has put there.
bool may_omit(std::string_view name);

/// Whether any document may choose this model. The suffix `:online` is a demand: OpenRouter's web
/// search costs extra and passes the question to a search engine, as does the plugin `web` in
/// `body`.
bool may_choose(std::string_view model);

}  // namespace chatvim::settings
