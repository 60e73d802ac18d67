// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "chatvim/settings/diagnostic.hpp"

namespace chatvim::chat {

/// What is wrong with a front matter that a document seems to begin with but does not, for a
/// document in which none was found: an open `+++` is an error; one below the first line, or an
/// open `---`, is a warning if settings of ours follow. Looks at the first lines only.
std::optional<settings::Diagnostic> check_missing_front_matter(
    std::span<const std::string_view> lines);

}  // namespace chatvim::chat
