// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/json.hpp"
#include "chatvim/settings/diagnostic.hpp"

namespace chatvim::settings {

inline constexpr std::size_t kMaxText = 256 * 1024;  ///< bytes in one front matter
inline constexpr int kMaxDepth = 32;                 ///< nesting of tables and lists
inline constexpr std::size_t kMaxValues = 10'000;    ///< values in one front matter, keys aside

/// The kind of a value; `kOther` is a value that JSON cannot represent, such as a date.
enum class Kind { kNull, kBoolean, kInteger, kReal, kString, kList, kTable, kOther };

struct Node;
/// Nodes are shared because a YAML alias refers to the same value as its anchor.
using NodePtr = std::shared_ptr<const Node>;

/// One key of a table, with its position.
struct Member {
  std::string key;
  Mark at;
  NodePtr value;
};

/// A value in a front matter, in either language, with its position in the document.
struct Node {
  Kind kind = Kind::kNull;
  Mark at;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;  ///< the bytes of a string; for `kOther` a description, such as "a date"
  std::vector<NodePtr> items;
  std::vector<Member> members;  ///< in source order

  const Member* find(std::string_view key) const;
};

/// Limits the number of values and bytes of text, so that a few lines of repeated aliases cannot
/// expand to gigabytes.
class Budget {
 public:
  /// Counts these values and bytes. Returns false if the limit for a front matter is exceeded.
  bool take(std::size_t values, std::size_t bytes);

 private:
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
};

/// Describes a value for a message, such as "the number 3" or "a list". Never includes the text of
/// a string, which may be a secret.
std::string describe(const Node& node);

/// Returns the first value in the tree (including `node`) that JSON cannot represent, or null.
const Node* find_unsendable(const Node& node);

/// Returns the value as JSON; it must not contain unsendable values.
Json to_json(const Node& node);

/// Returns the JSON as a value without positions. Returns null and sets `why` if it is too large,
/// too deep, or contains invalid UTF-8.
NodePtr from_json(const Json& json, std::string& why);

}  // namespace chatvim::settings
