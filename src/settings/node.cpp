// SPDX-License-Identifier: Apache-2.0
#include "node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace chatvim::settings {

const Member* Node::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.key == key; });
  return found == members.end() ? nullptr : &*found;
}

bool Budget::take(std::size_t values, std::size_t bytes) {
  values_ += values;
  bytes_ += bytes;
  return values_ <= kMaxValues && bytes_ <= kMaxText;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Kind::kNull:
      return "an empty value";
    case Kind::kBoolean:
      return node.boolean ? "true" : "false";
    case Kind::kInteger:
      return fmt::format("the number {}", node.integer);
    case Kind::kReal:
      return fmt::format("the number {}", node.real);
    case Kind::kString:
      return node.text.empty() ? "an empty string" : "a string";
    case Kind::kList:
      return node.items.empty() ? "an empty list" : "a list";
    case Kind::kTable:
      return "a table";
    case Kind::kOther:
      break;
  }
  return node.text;
}

const Node* find_unsendable(const Node& node) {
  if (node.kind == Kind::kOther || (node.kind == Kind::kReal && !std::isfinite(node.real))) {
    return &node;
  }
  for (const NodePtr& item : node.items) {
    if (const Node* found = find_unsendable(*item)) return found;
  }
  for (const Member& member : node.members) {
    if (const Node* found = find_unsendable(*member.value)) return found;
  }
  return nullptr;
}

}  // namespace chatvim::settings
