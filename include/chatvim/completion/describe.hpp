// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chatvim/completion/completion.hpp"
#include "chatvim/json.hpp"
#include "chatvim/settings/diagnostic.hpp"

namespace chatvim::completion {

/// What a completion ended with, as the fields that the `ended` notification and `--json` share.
Json describe_outcome(const Outcome& outcome);

/// Diagnostics as a list of `line`, `column`, `severity` ("error", "warning") and `message`.
Json describe_diagnostics(const std::vector<settings::Diagnostic>& diagnostics);

}  // namespace chatvim::completion
