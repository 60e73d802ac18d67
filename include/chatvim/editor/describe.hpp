// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/completion/completion.hpp"
#include "chatvim/document/format.hpp"
#include "chatvim/document/message.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/settings/diagnostic.hpp"

namespace chatvim::editor {

/// Returns an outcome as the fields that the `ended` notification and `--json` share.
Json describe_outcome(const completion::Outcome& outcome);

/// Returns diagnostics as a list of objects with `line`, `column`, `severity` ("error", "warning")
/// and `message`.
Json describe_diagnostics(const std::vector<settings::Diagnostic>& diagnostics);

/// Returns a part of an answer as an object with `kind`: "text" has `text`; "call" has `step`,
/// `tool`, `id`, `arguments` (as the model wrote them), `outcome` ("open", "result", "error",
/// "refused" or "cut"), `result` unless it is open, and `line` (from 1); "state" has `model`
/// (PROVIDER/NAME) and `size` (in bytes, of the base64).
Json describe_part(const document::AnswerPart& part);

/// Returns a message as `role` and `content`; an answer in which tools were called also has its
/// parts as `answer`. `provenance` and `others` (each with `model`, `text`, `provenance`, and `line`
/// and `last_line` from 1) are there if the answer has them.
Json describe_message(const document::Message& message);

/// Returns a chat's format and model for the editor's display: the `delimiters` of `user`,
/// `assistant` and `system`, and `model` (PROVIDER/NAME) if one can be chosen.
Json describe_format(const document::Format& format, const Result<std::string>& model);

}  // namespace chatvim::editor
