// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "piece.hpp"

namespace chatvim::embed {

/// Returns the text as a fenced code block below its name, in the form that `:ChatvimSend` writes.
/// The fence is longer than any in the text, so the text cannot close it. There is no line break at
/// the end. `bytes` is the owner of `text`; if it is null, the text is copied.
Piece quote(std::string_view name, std::string_view language, std::string_view text,
            std::shared_ptr<const std::string> bytes = {});

/// Returns the language to write after the fence for a file, by its name or extension; empty if
/// unknown.
std::string_view language_of(std::string_view path);

}  // namespace chatvim::embed
