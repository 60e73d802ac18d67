// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <msgpack.hpp>

#include "chatvim/json.hpp"

namespace chatvim::rpc {

/// Returns a msgpack object as JSON. Extension types (Neovim's handles) become numbers, binary
/// becomes a string, and map entries whose key is not a string are dropped.
Json to_json(const msgpack::object& object);

}  // namespace chatvim::rpc
