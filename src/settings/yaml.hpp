// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "node.hpp"
#include "source.hpp"

namespace chatvim::settings {

/// Parses a YAML text (1.2, core schema). Returns its mapping or the first error; an empty text is
/// an empty mapping. Runs `Source::check` first. Keys are kept as written, so `50256: -100` has the
/// key "50256".
tl::expected<NodePtr, Diagnostic> parse_yaml(const Source& source);

/// Sets the kind and value of `node` from a scalar with this tag, according to YAML's core schema
/// (1.2.2, section 10.3.2); "?" is an untagged plain scalar, "!" a quoted one.
void resolve_yaml_scalar(std::string_view tag, std::string text, Node& node);

}  // namespace chatvim::settings
