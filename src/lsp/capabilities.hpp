// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/json.hpp"
#include "features.hpp"
#include "text.hpp"

// What `initialize` negotiates (LSP 3.17, "Initialize Request").
namespace chatvim::lsp {

/// Returns what a client can do, from its capabilities.
ClientTraits traits_of(const Json& capabilities);
/// Returns UTF-8 if the client can, because that is what the program counts in; else the client's
/// first choice, UTF-16 without one.
Encoding choose_encoding(const Json& capabilities);
/// Returns the server's capabilities. The plugin draws sizes and delimiters itself.
Json server_capabilities(Encoding encoding, bool is_plugin);

}  // namespace chatvim::lsp
