// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chatvim::glob {

/// Whether a pattern matches a whole path, as in .gitignore: `*` and `?` do not match a slash,
/// `[…]` is a set with ranges and classes such as `[:alpha:]`, `!` or `^` turns it round, `\` takes
/// the meaning from a character, and `**` between slashes or at an end stands for any number of
/// folders. Bytes are compared, whatever the locale is.
///
/// Not fnmatch(3): it knows no `**`, depends on the locale, and some of its versions take time
/// exponential in the number of stars, which a repository from elsewhere could use. This one takes
/// the product of the lengths at most twice over.
bool matches(std::string_view pattern, std::string_view path);

/// True where a text has a wildcard that no backslash takes the meaning from.
bool is_pattern(std::string_view text);

}  // namespace chatvim::glob
