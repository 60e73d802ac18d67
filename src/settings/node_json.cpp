// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/text/utf8.hpp"
#include "node.hpp"

namespace chatvim::settings {
namespace {

/// Turns JSON into nodes within the limits.
class FromJson {
 public:
  explicit FromJson(std::string& why) : why_(why) {}

  NodePtr convert(const Json& json, int depth) {
    if (depth > kMaxDepth) return refuse("is nested too deeply");
    if (!budget_.take(1, 0)) return refuse("holds too many values");
    auto node = std::make_shared<Node>();
    switch (json.type()) {
      case Json::value_t::boolean:
        node->kind = Kind::kBoolean;
        node->boolean = json.get<bool>();
        return node;
      case Json::value_t::number_integer:
      case Json::value_t::number_unsigned:
        return number(json, std::move(node));
      case Json::value_t::number_float:
        node->kind = Kind::kReal;
        node->real = json.get<double>();
        return node;
      case Json::value_t::string:
        node->kind = Kind::kString;
        node->text = json.get_ref<const std::string&>();
        return text(node->text) ? node : nullptr;
      case Json::value_t::array:
        return list(json, std::move(node), depth);
      case Json::value_t::object:
        return table(json, std::move(node), depth);
      case Json::value_t::null:
      case Json::value_t::discarded:
        return node;
      case Json::value_t::binary:
        break;
    }
    node->kind = Kind::kOther;
    node->text = "binary data";
    return node;
  }

 private:
  NodePtr refuse(const char* why) {
    why_ = why;
    return nullptr;
  }

  bool text(const std::string& bytes) {
    if (chatvim::text::find_invalid_utf8(bytes)) {
      why_ = "holds bytes that are not UTF-8";
    } else if (!budget_.take(0, bytes.size())) {
      why_ = "holds too much text";
    } else {
      return true;
    }
    return false;
  }

  static NodePtr number(const Json& json, std::shared_ptr<Node> node) {
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > kLargest) {
      node->kind = Kind::kOther;
      node->text = "a number beyond 64 bits";
    } else {
      node->kind = Kind::kInteger;
      node->integer = json.get<std::int64_t>();
    }
    return node;
  }

  NodePtr list(const Json& json, std::shared_ptr<Node> node, int depth) {
    node->kind = Kind::kList;
    for (const Json& item : json) {
      NodePtr converted = convert(item, depth + 1);
      if (!converted) return nullptr;
      node->items.push_back(std::move(converted));
    }
    return node;
  }

  NodePtr table(const Json& json, std::shared_ptr<Node> node, int depth) {
    node->kind = Kind::kTable;
    for (const auto& [key, value] : json.items()) {
      if (!text(key)) return nullptr;
      NodePtr converted = convert(value, depth + 1);
      if (!converted) return nullptr;
      node->members.push_back({key, {}, std::move(converted)});
    }
    return node;
  }

  std::string& why_;
  Budget budget_;
};

}  // namespace

Json to_json(const Node& node) {
  switch (node.kind) {
    case Kind::kBoolean:
      return node.boolean;
    case Kind::kInteger:
      return node.integer;
    case Kind::kReal:
      return node.real;
    case Kind::kString:
      return node.text;
    case Kind::kList: {
      Json list = Json::array();
      for (const NodePtr& item : node.items) list.push_back(to_json(*item));
      return list;
    }
    case Kind::kTable: {
      // Appended as to the vector that it is: looking each key up first, as `object[key]` does, is
      // quadratic. No key comes twice, the parsers see to it.
      auto object = Json::object_t();
      object.reserve(node.members.size());
      for (const Member& member : node.members) {
        object.emplace_back(member.key, to_json(*member.value));
      }
      return object;
    }
    case Kind::kNull:
    case Kind::kOther:
      break;
  }
  return nullptr;
}

NodePtr from_json(const Json& json, std::string& why) { return FromJson(why).convert(json, 1); }

}  // namespace chatvim::settings
