// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::cli {

/// Returns what to use for an option or command that other programs for the same purpose have and
/// this one has not, as a sentence; empty if it is not known. doc/command-line.md lists them, which
/// a test compares.
std::string_view advice_for_habit(std::string_view word);

}  // namespace chatvim::cli
