// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace chatvim::cli {

inline constexpr std::string_view kExitCodesTitle = "Exit codes:";

/// The exit codes of the program, which `--help` and the manual page explain.
inline constexpr std::array<std::pair<int, std::string_view>, 5> kExitCodes = {{
    {0, "the answer is whole"},
    {1, "the request failed"},
    {2, "wrong usage, configuration or document; nothing was sent"},
    {3, "the answer was cut short or does not fit its schema, or a call of a tool is not allowed"},
    {130, "interrupted"},
}};

}  // namespace chatvim::cli
