// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <tl/expected.hpp>

#include "node.hpp"
#include "source.hpp"

namespace chatvim::settings {

/// The table that a TOML text (1.0.0) is, or the first thing wrong with it. The source's own check
/// comes first.
tl::expected<NodePtr, Diagnostic> parse_toml(const Source& source);

/// What a look at the brackets, dots and quotes of a TOML text finds before it is parsed.
struct TomlShape {
  std::optional<Mark> too_deep;  ///< where brackets or a dotted key go deeper than `kMaxDepth`
  std::optional<Mark> unclosed;  ///< the innermost string or bracket that is still open at the end
};

/// Looks at the shape of a TOML text. toml++ 3.3 has no limit for dotted keys, and frees what it
/// read recursively: a few KiB of `a.a.a…` would overflow the stack. Stops where the text cannot be
/// TOML; toml++ does not come further either.
TomlShape scan_toml(const Source& source);

}  // namespace chatvim::settings
