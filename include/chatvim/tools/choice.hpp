// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace chatvim::tools {

/// Whether one of the patterns of the setting `tools` chooses a tool by its label, SERVER.TOOL. A
/// pattern is SERVER or SERVER.TOOL; in both parts `*` matches any text and `?` one byte. Unlike in
/// paths, a slash means nothing. Takes at most the product of the lengths.
bool is_chosen(std::string_view label, std::span<const std::string> patterns);

/// Whether a pattern can choose a tool of the server, so that it has to be started.
bool chooses_server(std::string_view server, std::span<const std::string> patterns);

}  // namespace chatvim::tools
