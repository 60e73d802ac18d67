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

/// Describes a failed response: the provider, the status, and the server's own message (at most 2
/// KB, made printable). Status 0 or 200 means that the failure came within a good response.
Error name_failure(const chat::Plan& plan, int status, const wire::Failure& failure);

/// The same, with advice if there is any.
Error explain_failure(const chat::Plan& plan, int status, const wire::Failure& failure);

/// Returns the setting of the document that the server did not accept, if its message names one.
std::string refused_setting(const chat::Plan& plan, const wire::Failure& failure);

/// Returns the error for a provider that refused to list its models.
Error explain_list(const provider::Provider& provider, int status, std::string_view body);

/// Returns the message for an answer that ended with this reason and these warnings, or nothing if
/// there is nothing to report.
std::optional<Error> explain_end(const chat::Plan& plan, std::string_view finish_reason,
                                 const std::vector<wire::Warning>& warnings);

/// What arrived in place of text.
struct Wordless {
  bool reasoned = false;
  bool called = false;  ///< the model called a tool
};

/// Returns the error for an answer without text.
Error explain_empty(const chat::Plan& plan, std::string_view finish_reason, Wordless came = {});

}  // namespace chatvim::completion
