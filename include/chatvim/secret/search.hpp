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

/// Text that looks like a key.
struct FoundSecret {
  std::string what;           ///< such as "a private key"
  std::size_t line = 0;       ///< from 1
  std::size_t last_line = 0;  ///< differs from `line` for a private key, which spans several
  std::string_view text;      ///< the match, a view into the searched text
};

/// Searches text for private keys, well-known key formats and the user's own keys in one pass. A
/// table tells at which byte pairs a match can begin.
class SecretFinder {
 public:
  /// `keys`: pairs of description and key. Keys shorter than eight bytes are ignored.
  explicit SecretFinder(const std::vector<std::pair<std::string, std::string>>& keys);
  /// Returns the matches in text order, at most `kMostFound`.
  std::vector<FoundSecret> find(std::string_view text) const;

  static constexpr std::size_t kMostFound = 1000;

 private:
  struct Match {
    Span where;
    std::string_view what;
  };
  /// What can begin with a given byte pair.
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
  std::unique_ptr<bool[]> begins_;    // by byte pair: whether there are candidates
  std::vector<std::uint16_t> pairs_;  // by byte pair: index into `candidates_`
  std::vector<Candidates> candidates_;
};

/// Returns a mark that identifies a found secret without revealing it: it depends on the file, kind
/// and text.
std::string mark_of(std::string_view path, const FoundSecret& secret);

}  // namespace chatvim::secret
