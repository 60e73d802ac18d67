// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/error.hpp"

namespace chatvim::files {

/// Returns the bytes of a regular file of at most 512 MiB. Anything else fails with
/// `kUnreadableFile`, naming the path and the reason.
Result<std::string> read_file(const std::string& path);

}  // namespace chatvim::files
