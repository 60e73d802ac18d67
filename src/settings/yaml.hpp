// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "node.hpp"
#include "source.hpp"

namespace chatvim::settings {

/// The mapping that a YAML text (1.2, core schema) is, or the first thing wrong with it; an empty
/// text is an empty mapping. The source's own check comes first. Keys are taken as they are
/// written, so `50256: -100` has the key "50256".
tl::expected<NodePtr, Diagnostic> parse_yaml(const Source& source);

/// Gives `node` the kind and value that YAML's core schema (1.2.2, section 10.3.2) gives a scalar
/// with this tag; "?" is a plain scalar without a tag, "!" a quoted one.
void resolve_yaml_scalar(std::string_view tag, std::string text, Node& node);

}  // namespace chatvim::settings
