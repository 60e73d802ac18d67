// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/error.hpp"

namespace chatvim::files {

/// The bytes of a regular file, at most 512 MiB. `kUnreadableFile`, with the path and the reason,
/// for anything else.
Result<std::string> read_file(const std::string& path);

}  // namespace chatvim::files
