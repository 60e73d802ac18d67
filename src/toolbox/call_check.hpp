// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::toolbox {

/// What a model is told whose arguments are no object.
inline constexpr std::string_view kNoObject = "Send the arguments as a JSON object.";

/// Returns what a model is told that calls a tool which its chat may not use.
std::string no_such_tool(const std::string& label);

/// Whether arguments are a JSON object; no text at all stands for an empty one.
bool is_object(const std::string& arguments);

}  // namespace chatvim::toolbox
