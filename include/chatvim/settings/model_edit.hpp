// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "chatvim/settings/settings.hpp"

namespace chatvim::settings {

/// One replacement in a front matter's text: the bytes from `begin` up to `end` become `text`.
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;

  /// The front matter with the edit made.
  std::string apply(std::string_view to) const;
};

/// What sets `model` of a front matter to `name` and touches nothing else: the value alone is
/// replaced, in the quotes that it has where they can hold the name; where there is no such key, a
/// first line is added. Else a sentence that says why it cannot be done. The text must be that of a
/// usable layer, each line ended by `\n`; `name` one line of UTF-8.
tl::expected<Edit, std::string> edit_model(Language language, std::string_view text,
                                           std::string_view name);

}  // namespace chatvim::settings
