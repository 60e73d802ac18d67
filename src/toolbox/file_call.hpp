// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "arguments.hpp"
#include "chatvim/embed/browser.hpp"
#include "chatvim/toolbox/file_tools.hpp"

namespace chatvim::toolbox {

/// Bytes of a path or name in a result.
inline constexpr std::size_t kMostShownPath = 300;
/// Bytes and lines of text in a result, which leave room for a last line about the rest.
inline constexpr std::size_t kMostText = 32UL * 1024 - 512;
inline constexpr std::size_t kMostTextLines = 1000 - 4;

/// Return the result of each tool. The arguments may turn out to be wrong; then it does not count.
FileResult read_file_lines(Arguments& arguments, const FileAccess& access, embed::Browser& browser);
FileResult list_folder(Arguments& arguments, const FileAccess& access, embed::Browser& browser);
FileResult search_files(Arguments& arguments, const FileAccess& access, embed::Browser& browser);
FileResult propose_change(Arguments& arguments, const FileAccess& access, embed::Browser& browser);

/// Returns an error for the model, which must be a whole sentence.
FileResult file_error(std::string sentence);
/// Returns the error for something that concerns a path; `why` is a clause.
FileResult path_error(std::string_view path, std::string_view why);
/// The same if it failed; for an unsaved buffer, with its path.
FileResult path_error(std::string_view path, const Error& error);
/// Returns the error for a path that the user must allow first.
FileResult outside_error(const embed::Outside& outside);
/// Returns the error for text that looks like a key; there must be at least one.
FileResult secret_error(std::vector<embed::Secret> secrets);

/// Returns a path or name fit for a result.
std::string shown_path(std::string_view path);
/// Returns a number and a noun, in the plural if needed.
std::string count_of(std::size_t count, std::string_view noun);

}  // namespace chatvim::toolbox
