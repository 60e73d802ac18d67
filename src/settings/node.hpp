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

inline constexpr std::size_t kMaxText = 256 * 1024;  ///< bytes of one front matter
inline constexpr int kMaxDepth = 32;                 ///< tables and lists inside one another
inline constexpr std::size_t kMaxValues = 10'000;  ///< values of one front matter, keys not counted

/// What a value is; `kOther` is what JSON has no form for, such as a date.
enum class Kind { kNull, kBoolean, kInteger, kReal, kString, kList, kTable, kOther };

struct Node;
/// Nodes are shared, since a YAML alias stands for the very value that its anchor names.
using NodePtr = std::shared_ptr<const Node>;

/// One key of a table, with the place of the key.
struct Member {
  std::string key;
  Mark at;
  NodePtr value;
};

/// A value of a front matter, whatever its language, with its place in the document.
struct Node {
  Kind kind = Kind::kNull;
  Mark at;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;  ///< the bytes of a string; of `kOther` what it is, such as "a date"
  std::vector<NodePtr> items;
  std::vector<Member> members;  ///< in the order in which they were written

  const Member* find(std::string_view key) const;
};

/// Counts values and bytes of text, so that a few lines that repeat themselves cannot become
/// gigabytes.
class Budget {
 public:
  /// False when this is more than a front matter may hold.
  bool take(std::size_t values, std::size_t bytes);

 private:
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
};

/// The value in a message, such as "the number 3" or "a list"; never a string's text, which may be
/// a secret.
std::string describe(const Node& node);

/// The first value inside (itself included) that JSON has no form for, or null.
const Node* find_unsendable(const Node& node);

/// The value as JSON; nothing inside may be unsendable.
Json to_json(const Node& node);

/// The JSON as a value without places, or null with `why` set where it is too large or too deep, or
/// holds bytes that are not UTF-8.
NodePtr from_json(const Json& json, std::string& why);

}  // namespace chatvim::settings
