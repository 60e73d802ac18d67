// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chatvim/error.hpp"

namespace chatvim::cli {

/// Replaces the contents of an existing file at once: whoever reads it gets the old text or the
/// new, also if the disk is full. Links are followed and the mode is kept.
Result<void> replace_file(const std::string& path, std::string_view bytes);

}  // namespace chatvim::cli
