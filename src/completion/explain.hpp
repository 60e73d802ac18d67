// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/plan.hpp"
#include "chatvim/error.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::completion {

/// A response that failed, in words: provider, status, and the server's own text (at most 2 KB,
/// made printable). Status 0 or 200: the failure came within a good response.
Error name_failure(const chat::Plan& plan, int status, const wire::Failure& failure);

/// The same, with what to do where that is known.
Error explain_failure(const chat::Plan& plan, int status, const wire::Failure& failure);

/// The sentence for a list of models that a provider refused to give.
Error explain_list(const provider::Provider& provider, int status, std::string_view body);

/// What is to be said of an answer that ended with this reason and these warnings; nothing where
/// all is well.
std::optional<Error> explain_end(const chat::Plan& plan, std::string_view finish_reason,
                                 const std::vector<wire::Warning>& warnings);

/// What came in place of text.
struct Wordless {
  bool reasoned = false;
  bool called = false;  ///< the model wants to use a tool
};

/// What is to be said of an answer without text.
Error explain_empty(const chat::Plan& plan, std::string_view finish_reason, Wordless came = {});

}  // namespace chatvim::completion
