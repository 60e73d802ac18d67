// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"

namespace chatvim::cli {

/// Returns the question with a line for each of the files, which embeds it in a chat in `folder`
/// (absolute). A file may also be a folder, or the address of a picture. Fails if one is missing.
Result<std::string> attach_files(const std::string& question, const std::vector<std::string>& files,
                                 const std::string& folder);

/// Returns the first image link in a question that is not sent as a file because other text is on
/// its line, or "".
std::string find_inline_link(std::string_view question);

}  // namespace chatvim::cli
