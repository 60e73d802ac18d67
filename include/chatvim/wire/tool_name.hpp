// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "chatvim/tools/tool.hpp"

namespace chatvim::wire {

/// Returns the name of a tool in requests: SERVER__TOOL for the label SERVER.TOOL. At most 64
/// characters of `A-Za-z0-9_-`, the first a letter or `_`, which every provider takes. If a
/// character had to be replaced, if the name is too long, or if another label could give the same
/// name, it ends with a hash of the label.
std::string tool_name(std::string_view label);

/// Returns the label of the tool that a model calls by this name. For a name that none of the tools
/// has, it returns a valid label that resembles it.
std::string label_of(std::string_view wire_name, std::span<const tools::Tool> tools);

}  // namespace chatvim::wire
