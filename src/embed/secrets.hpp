// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatvim::embed {

/// A place in a text that looks like a key.
struct FoundSecret {
  std::string_view what;      ///< such as "a private key"; lives as long as the finder
  std::size_t line = 0;       ///< from 1
  std::size_t last_line = 0;  ///< of a private key, which has many
  std::string_view text;      ///< its first line, in the text that was searched
};

/// Searches text for private keys, the shapes of well-known keys, and keys that the user has.
class SecretFinder {
 public:
  /// `keys`: each with what it is. Those with less than eight bytes are not looked for.
  explicit SecretFinder(const std::vector<std::pair<std::string, std::string>>& keys);
  std::vector<FoundSecret> find(std::string_view text) const;
};

/// Names a found secret without telling it: other files, kinds and lines have other marks.
std::string mark_of(std::string_view path, const FoundSecret& secret);

}  // namespace chatvim::embed
