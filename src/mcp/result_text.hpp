// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chatvim/tools/tool.hpp"

namespace chatvim::mcp {

/// Turns the result of `tools/call` (JSON) into the text that the model gets: texts joined by blank
/// lines, a link as a link, one sentence for a picture or other data, structured content only if
/// there is nothing else. A result of a type that is not known is an error.
tools::Result read_result(std::string_view result);

}  // namespace chatvim::mcp
