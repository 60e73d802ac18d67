// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/secret/patterns.hpp"
#include "chatvim/secret/shapes.hpp"

namespace chatvim::secret {

/// A place in a text that looks like a key.
struct FoundSecret {
  std::string what;           ///< such as "a private key"
  std::size_t line = 0;       ///< from 1
  std::size_t last_line = 0;  ///< of a private key, which has many
  std::string_view text;      ///< what was found, in the text that was searched
};

/// Searches text for private keys, the shapes of well-known keys, and keys that the user has, in
/// one pass: a table tells at which pairs of bytes one may begin.
class SecretFinder {
 public:
  /// `keys`: each with what it is. Those with less than eight bytes are not looked for.
  explicit SecretFinder(const std::vector<std::pair<std::string, std::string>>& keys);
  /// In the order of the text, at most `kMostFound`.
  std::vector<FoundSecret> find(std::string_view text) const;

  static constexpr std::size_t kMostFound = 1000;

 private:
  struct Match {
    Span where;
    std::string_view what;
  };
  /// What may begin with a pair of bytes.
  struct Candidates {
    std::vector<std::size_t> keys;  ///< indices in `keys_`
    std::vector<const SecretShape*> shapes;
    std::vector<const SecretPattern*> patterns;
    bool private_keys = false;
  };
  Candidates& candidates(std::string_view beginning);
  std::size_t next(std::string_view text, std::size_t at) const;
  Match match(std::string_view text, std::size_t at, const Candidates& candidates) const;

  std::vector<std::pair<std::string, std::string>> keys_;
  std::unique_ptr<bool[]> begins_;    // by pair: whether there are candidates
  std::vector<std::uint16_t> pairs_;  // by pair: the index in `candidates_`
  std::vector<Candidates> candidates_;
};

/// Names a found secret without telling it: other files, kinds and texts have other marks.
std::string mark_of(std::string_view path, const FoundSecret& secret);

}  // namespace chatvim::secret
