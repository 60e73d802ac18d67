// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "chatvim/settings/diagnostic.hpp"

namespace chatvim::chat {

/// Diagnoses a document that has no front matter but appears to be meant to have one. An unclosed
/// `+++` is an error. A marker below the first line, or an unclosed `---`, is a warning if Chatvim
/// settings follow. Looks at the first lines only.
std::optional<settings::Diagnostic> check_missing_front_matter(
    std::span<const std::string_view> lines);

}  // namespace chatvim::chat
