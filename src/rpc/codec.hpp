// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <msgpack.hpp>

#include "chatvim/json.hpp"

namespace chatvim::rpc {

/// A msgpack object as JSON: extension types (Neovim's handles) become their number, binary becomes
/// a string, keys of maps that are not strings are left out.
Json to_json(const msgpack::object& object);

/// Appends the value to a msgpack stream; strings go as `str`.
void pack(msgpack::packer<msgpack::sbuffer>& packer, const Json& value);

}  // namespace chatvim::rpc
