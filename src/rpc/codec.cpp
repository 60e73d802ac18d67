// SPDX-License-Identifier: Apache-2.0
#include "codec.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace chatvim::rpc {

namespace {

/// Returns the number of a buffer, window or tab page, which Neovim sends as an extension type that
/// contains a msgpack integer.
Json handle_of(const msgpack::object_ext& ext) {
  // Other content could be nested as deeply as it is long.
  constexpr std::size_t kLongestInteger = 9;
  if (ext.size > kLongestInteger) return nullptr;
  try {
    const auto handle = msgpack::unpack(ext.data(), ext.size);
    const bool integer = handle->type == msgpack::type::POSITIVE_INTEGER ||
                         handle->type == msgpack::type::NEGATIVE_INTEGER;
    return integer ? to_json(handle.get()) : Json(nullptr);
  } catch (const std::exception&) {
    return nullptr;
  }
}

Json map_of(const msgpack::object_map& map) {
  Json object = Json::object();
  for (std::uint32_t i = 0; i < map.size; ++i) {
    const auto& entry = map.ptr[i];
    if (entry.key.type != msgpack::type::STR) continue;
    object[std::string(entry.key.via.str.ptr, entry.key.via.str.size)] = to_json(entry.val);
  }
  return object;
}

Json array_of(const msgpack::object_array& array) {
  Json list = Json::array();
  for (std::uint32_t i = 0; i < array.size; ++i) list.push_back(to_json(array.ptr[i]));
  return list;
}

}  // namespace

Json to_json(const msgpack::object& object) {
  switch (object.type) {
    case msgpack::type::NIL:
      return nullptr;
    case msgpack::type::BOOLEAN:
      return object.via.boolean;
    case msgpack::type::POSITIVE_INTEGER:
      return object.via.u64;
    case msgpack::type::NEGATIVE_INTEGER:
      return object.via.i64;
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64:
      return object.via.f64;
    case msgpack::type::STR:
      return std::string(object.via.str.ptr, object.via.str.size);
    case msgpack::type::BIN:
      return std::string(object.via.bin.ptr, object.via.bin.size);
    case msgpack::type::ARRAY:
      return array_of(object.via.array);
    case msgpack::type::MAP:
      return map_of(object.via.map);
    case msgpack::type::EXT:
      return handle_of(object.via.ext);
  }
  return nullptr;
}

}  // namespace chatvim::rpc
