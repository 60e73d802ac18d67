// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace chatvim::tools {

/// Limits of the result of a call.
inline constexpr std::size_t kMostResultBytes = 32UL * 1024;
inline constexpr std::size_t kMostResultLines = 1000;

/// Returns the text of a result as a document can hold it and a model gets it: valid UTF-8 with
/// `\n` for line breaks, as for the text of answers, without line breaks at its end. Text beyond
/// the limits is cut off, at the end of a line if possible, and a last line, within the limits,
/// says how much is missing; `left_out` bytes have followed that are not in `text`.
std::string limit_result(std::string text, std::size_t left_out = 0);

}  // namespace chatvim::tools
