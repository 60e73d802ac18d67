// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/completion/completion.hpp"
#include "chatvim/document/format.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/settings/diagnostic.hpp"

namespace chatvim::editor {

/// What a completion ended with, as the fields that the `ended` notification and `--json` share.
Json describe_outcome(const completion::Outcome& outcome);

/// Diagnostics as a list of `line`, `column`, `severity` ("error", "warning") and `message`.
Json describe_diagnostics(const std::vector<settings::Diagnostic>& diagnostics);

/// How a chat is written and who would answer it, for what the editor draws: the `delimiters` of
/// `user`, `assistant` and `system`, and `model` (PROVIDER/NAME) where one can be chosen.
Json describe_format(const document::Format& format, const Result<std::string>& model);

}  // namespace chatvim::editor
