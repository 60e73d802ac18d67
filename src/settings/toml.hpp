// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <tl/expected.hpp>

#include "node.hpp"
#include "source.hpp"

namespace chatvim::settings {

/// Parses a TOML text (1.0.0). Returns its table or the first error. Runs `Source::check` first.
tl::expected<NodePtr, Diagnostic> parse_toml(const Source& source);

/// Findings from a scan of the brackets, dots and quotes of a TOML text before it is parsed.
struct TomlShape {
  std::optional<Mark> too_deep;  ///< where brackets or a dotted key nest deeper than `kMaxDepth`
  std::optional<Mark> unclosed;  ///< the innermost string or bracket that is never closed
};

/// Scans the structure of a TOML text. toml++ 3.3 does not limit dotted keys and frees its tree
/// recursively, so a few KiB of `a.a.a…` would overflow the stack. Stops where the text cannot be
/// TOML, where toml++ stops as well.
TomlShape scan_toml(const Source& source);

}  // namespace chatvim::settings
