// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::glob {

/// Whether a pattern matches a whole path, as in .gitignore: `*` and `?` do not match a slash,
/// `[…]` is a set that may contain ranges and classes such as `[:alpha:]` and is negated by `!` or
/// `^`, `\` escapes a character, and `**` between slashes or at either end matches any number of
/// folders. Compares bytes, whatever the locale.
///
/// Not fnmatch(3), which does not support `**`, depends on the locale, and in some versions takes
/// time exponential in the number of stars, which a hostile repository could exploit. This function
/// takes at most twice the product of the lengths.
bool matches(std::string_view pattern, std::string_view path);

/// Whether a text contains an unescaped wildcard.
bool is_pattern(std::string_view text);

}  // namespace chatvim::glob
