// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace chatvim::cli {

inline constexpr std::string_view kExitCodesTitle = "Exit codes:";

using ExitCode = std::pair<int, std::string_view>;

/// The exit codes of the program, and of the commands that answer, which `--help` and the manual
/// page explain.
inline constexpr std::array<ExitCode, 5> kExitCodes = {{
    {0, "the answer is whole"},
    {1, "the request failed"},
    {2, "wrong usage, configuration or document; nothing was sent"},
    {3, "the answer was cut short or does not fit its schema, or a call of a tool is not allowed"},
    {130, "interrupted"},
}};

/// Those of commands that only print.
inline constexpr std::array<ExitCode, 3> kPrintingCodes = {{
    {0, "done"},
    {1, "the output cannot be written"},
    {2, "wrong usage, configuration or input"},
}};

/// Those of commands that may ask a server, but not for an answer.
inline constexpr std::array<ExitCode, 3> kAskingCodes = {{
    {0, "done"},
    {1, "the request failed, or the output cannot be written"},
    {2, "wrong usage or configuration"},
}};

/// Those of commands that store something.
inline constexpr std::array<ExitCode, 3> kStoringCodes = {{
    {0, "done"},
    {2, "wrong usage or configuration; nothing was changed"},
    {130, "interrupted; nothing was changed"},
}};

}  // namespace chatvim::cli
