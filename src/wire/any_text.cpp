// SPDX-License-Identifier: Apache-2.0
#include "any_text.hpp"

#include <utility>

namespace chatvim::wire {

void append_text(json::JsonCursor& json, std::string& out) {
  using Kind = json::JsonCursor::Kind;
  switch (json.kind()) {
    case Kind::kArray:
      json.array([&] { append_text(json, out); });
      return;
    case Kind::kObject:
      json.object([&](std::string_view key) {
        const bool is_text = key == "text" || key == "content" || key == "value";
        is_text ? append_text(json, out) : json.skip();
      });
      return;
    case Kind::kString: {
      if (out.empty()) return void(json.string(out));
      std::string piece;
      json.string(piece);
      out += piece;
      return;
    }
    default:
      json.skip();
  }
}

void append_to(std::string& all, std::string& piece) {
  if (all.empty()) {
    std::swap(all, piece);
  } else {
    all += piece;
  }
}

}  // namespace chatvim::wire
