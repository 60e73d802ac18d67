// SPDX-License-Identifier: Apache-2.0
#include "finish_reason.hpp"

#include <nlohmann/json.hpp>

#include "chatvim/json.hpp"

namespace chatvim::wire {

namespace {

const std::string* reason_in(const Json& value, int depth) {
  constexpr int kDeepest = 3;
  if (value.is_string()) return &value.get_ref<const std::string&>();
  if (depth == kDeepest) return nullptr;
  if (value.is_array() && !value.empty()) return reason_in(value.front(), depth + 1);
  if (!value.is_object()) return nullptr;
  for (const char* key : {"type", "reason", "finish_reason"}) {
    const auto member = value.find(key);
    if (member == value.end()) continue;
    if (const std::string* reason = reason_in(*member, depth + 1)) return reason;
  }
  return nullptr;
}

}  // namespace

void read_reason(json::JsonCursor& json, std::string& out) {
  if (json.kind() == json::JsonCursor::Kind::kString) {
    json.string_or_skip(out);
    return;
  }
  const Json value = json.tree();
  if (const std::string* reason = reason_in(value, 0)) out = *reason;
}

}  // namespace chatvim::wire
