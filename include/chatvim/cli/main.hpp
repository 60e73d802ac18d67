// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chatvim::cli {

/// Parses the arguments, runs the command and returns the exit code (0 done, 1 the request failed,
/// 2 wrong usage, configuration or document, 3 the answer was cut short, 130 interrupted). Never
/// throws.
int run(int argc, const char* const* argv);

}  // namespace chatvim::cli
