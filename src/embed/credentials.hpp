// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace chatvim::embed {

/// Whether one of the names in a path is known to hold credentials, ignoring case. Such files
/// always need the user's permission. The path is absolute or relative to a folder; a folder's must
/// end with a slash, because some names apply to files only.
bool has_credentials(std::string_view path);

/// Return the names, and the ends of paths, that are known to hold credentials, for the list in the
/// manual.
std::span<const std::string_view> credential_names();
std::span<const std::string_view> credential_paths();

}  // namespace chatvim::embed
