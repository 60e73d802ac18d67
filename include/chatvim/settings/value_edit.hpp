// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "chatvim/json.hpp"
#include "chatvim/settings/settings.hpp"

namespace chatvim::settings {

/// One replacement in the text of a front matter: the bytes from `begin` up to `end` become `text`.
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;

  /// Returns the front matter with the edit applied.
  std::string apply(std::string_view to) const;
};

/// Returns the edit that sets one of the top-level settings in a front matter and changes nothing
/// else. `value` is a string or a list of strings, each one line of UTF-8. It replaces only the old
/// value, keeping its quotes if they can hold the string, and the form of a list in YAML; if there
/// is no such key, it inserts a first line. Otherwise returns a sentence that explains why it
/// cannot be done. The text must be that of a usable layer, with each line ended by `\n`.
tl::expected<Edit, std::string> edit_value(Language language, std::string_view text,
                                           std::string_view key, const Json& value);

}  // namespace chatvim::settings
