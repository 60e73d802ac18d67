// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "piece.hpp"

namespace chatvim::embed {

/// Text as a fenced code block below its name, as `:ChatvimSend` writes it. The fence is longer
/// than any in the text, which therefore cannot close it. No line break at its end.
/// `bytes`, where it is given, is what the text lies in; else the text is copied.
Piece quote(std::string_view name, std::string_view language, std::string_view text,
            std::shared_ptr<const std::string> bytes = {});

/// What a code block of a file is called after the fence, by the ending of the file's name; empty
/// where it is not known.
std::string_view language_of(std::string_view path);

}  // namespace chatvim::embed
