// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chatvim::glob {

/// Maximum bytes of a file name shown in a message.
constexpr std::size_t kMostShownName = 255;

/// Joins a folder and a path; an absolute `path` is returned unchanged.
std::string join(std::string_view folder, std::string_view path);
/// Returns the parent folder of a path: "/" for "/a" and "/".
std::string folder_of(std::string_view path);
/// Returns the part after the last slash.
std::string_view base_name(std::string_view path);
/// Returns a path relative to a folder: "" for the folder itself, nothing if the path is outside
/// it. Both must be resolved.
std::optional<std::string_view> below(std::string_view path, std::string_view folder);
/// Returns the extension of a file name in lower case without the dot, or "".
std::string ending_of(std::string_view path);

}  // namespace chatvim::glob
