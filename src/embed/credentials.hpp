// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace chatvim::embed {

/// Whether one of the names in a path is known to hold credentials, in letters of either case: what
/// lies there is always asked about. The path is absolute or below a folder; that of a folder ends
/// with a slash, since some names mean a file only.
bool has_credentials(std::string_view path);

/// The names and the ends of paths that are known to, as the manual lists them.
std::span<const std::string_view> credential_names();
std::span<const std::string_view> credential_paths();

}  // namespace chatvim::embed
