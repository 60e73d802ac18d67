// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace chatvim::text {

/// Searches bytes for a fixed text. A text without a capital letter matches letters in both cases,
/// as with Vim's 'smartcase'; only ASCII letters have cases here.
class Search {
 public:
  explicit Search(std::string text);

  /// Returns where the text next occurs in the bytes, at `from` or after it, or npos.
  std::size_t find(std::string_view bytes, std::size_t from) const;
  /// Whether the bytes contain the text; an empty text is in all of them.
  bool is_in(std::string_view bytes) const;
  /// The length of the text in bytes.
  std::size_t size() const { return text_->size(); }

 private:
  struct Hash {
    bool ignores_case;
    std::size_t operator()(char byte) const;
  };
  struct Equal {
    bool ignores_case;
    bool operator()(char left, char right) const;
  };

  std::unique_ptr<const std::string> text_;  ///< the searcher points into it
  std::boyer_moore_horspool_searcher<std::string::const_iterator, Hash, Equal> searcher_;
};

}  // namespace chatvim::text
