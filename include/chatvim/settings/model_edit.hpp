// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

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

/// Returns the edit that sets `model` in a front matter to `name` and changes nothing else. It
/// replaces only the value, keeping its quotes if they can hold the name; if there is no such key,
/// it inserts a first line. Otherwise returns a sentence that explains why it cannot be done. The
/// text must be that of a usable layer, with each line ended by `\n`; `name` must be one line of
/// UTF-8.
tl::expected<Edit, std::string> edit_model(Language language, std::string_view text,
                                           std::string_view name);

}  // namespace chatvim::settings
