// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/json/cursor.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::json {
namespace {

/// The cursor's strings may hold surrogates as three bytes each: pairs are joined, single ones
/// become U+FFFD.
std::string valid_text(std::string_view bytes) {
  text::Utf8Stream stream;
  std::string out = stream.feed(bytes);
  return out + stream.finish();
}

}  // namespace

bool JsonCursor::truthy() {
  bool says = false;
  switch (kind()) {
    case Kind::kObject:
      object([&](std::string_view) { says = truthy() || says; });
      break;
    case Kind::kArray:
      array([&] { says = truthy() || says; });
      break;
    case Kind::kString:
      says = raw().size() > 2;
      break;
    case Kind::kNumber:
      says = raw().find_first_of("123456789") != std::string_view::npos;
      break;
    case Kind::kTrue:
      says = true;
      skip();
      break;
    default:
      skip();
  }
  return says && !failed_;
}

Json JsonCursor::tree() {
  switch (kind()) {
    case Kind::kObject: {
      Json value = Json::object();
      object([&](std::string_view name) {
        std::string key = valid_text(name);
        value[std::move(key)] = tree();
      });
      return value;
    }
    case Kind::kArray: {
      Json value = Json::array();
      array([&] { value.push_back(tree()); });
      return value;
    }
    case Kind::kString: {
      std::string bytes;
      string(bytes);
      return valid_text(bytes);
    }
    case Kind::kNumber:
      return number_tree();
    case Kind::kTrue:
    case Kind::kFalse: {
      const bool value = kind() == Kind::kTrue;
      skip();
      return value;
    }
    default:
      skip();
      return nullptr;
  }
}

Json JsonCursor::number_tree() {
  const std::string_view text = raw();
  Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  return value.is_number() ? value : Json(nullptr);  // a number too large for a double is none
}

}  // namespace chatvim::json
