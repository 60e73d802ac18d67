// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/tools/tool.hpp"

namespace chatvim::tools {

/// Returns what the user allows when a tool is allowed for good: its name, description and schema.
/// A server that changes one of them after it was allowed may want to deceive the model, so the
/// user is asked again and shown the changes, for which the text has lines. Different tools have
/// different texts.
std::string pin_text(const Tool& tool);

}  // namespace chatvim::tools
