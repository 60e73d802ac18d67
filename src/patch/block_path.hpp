// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chatvim::patch {

/// What an info string says.
struct Info {
  std::string language;  ///< its first word unless that is a path
  std::string path;      ///< empty if it names none
};

/// Reads an info string as models write it: `c src/main.c`, `c:src/main.c`, `src/main.c`,
/// `c title="src/main.c"`, `{path=src/main.c}` and the like.
Info read_info(std::string_view info);

/// Returns the path that a line above a block names, or "": `src/main.c`, also as a heading, in
/// backticks or stars, with line numbers, and in a short phrase such as "In `src/main.c`:". Other
/// prose names no path.
std::string read_label(std::string_view line);

/// Returns the path of a line `PATH:10-40` or `PATH:10`, as the command that quotes lines writes it
/// above the quote, or "".
std::string read_quote_label(std::string_view line);

/// Whether a text looks like the path of a file: it has an extension or a slash, or is a name such
/// as Makefile, and has no spaces. Addresses, versions and names of programs such as Node.js do
/// not.
bool is_path(std::string_view text);

}  // namespace chatvim::patch
