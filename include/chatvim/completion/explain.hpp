// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/completion/plan.hpp"
#include "chatvim/error.hpp"
#include "chatvim/provider/event.hpp"

namespace chatvim::completion {

/// A response that failed, in words: provider, status, and the server's own text (at most 2 KB, made
/// printable). Status 0 or 200: the failure came within a good response.
Error name_failure(const Plan& plan, int status, const provider::Failure& failure);

/// The same, with what to do where that is known.
Error explain_failure(const Plan& plan, int status, const provider::Failure& failure);

/// What is to be said of an answer that ended with this reason; an empty message when nothing is.
Error explain_finish(const Plan& plan, std::string_view finish_reason);

/// What is to be said of an answer without text.
Error explain_empty(const Plan& plan, std::string_view finish_reason);

}  // namespace chatvim::completion
