// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chatvim::glob {

/// The most bytes of a file's name that a message shows.
constexpr std::size_t kMostShownName = 255;

/// `path` seen from `folder`: as it is where it is absolute.
std::string join(std::string_view folder, std::string_view path);
/// The folder that a path is in: "/" for "/a" and "/".
std::string folder_of(std::string_view path);
/// What follows the last slash.
std::string_view base_name(std::string_view path);
/// What of a path is below a folder: "" for the folder itself, nothing where it is not in there.
/// Both are resolved.
std::optional<std::string_view> below(std::string_view path, std::string_view folder);
/// The ending of a file's name in small letters, without the stop: "" where it has none.
std::string ending_of(std::string_view path);

}  // namespace chatvim::glob
