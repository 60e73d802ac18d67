// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/search.hpp"

#include <algorithm>
#include <utility>

namespace chatvim::text {
namespace {

bool is_capital(char byte) { return byte >= 'A' && byte <= 'Z'; }

char folded(char byte, bool ignores_case) {
  return ignores_case && is_capital(byte) ? static_cast<char>(byte - 'A' + 'a') : byte;
}

}  // namespace

std::size_t Search::Hash::operator()(char byte) const {
  return static_cast<unsigned char>(folded(byte, ignores_case));
}

bool Search::Equal::operator()(char left, char right) const {
  return folded(left, ignores_case) == folded(right, ignores_case);
}

Search::Search(std::string text)
    : text_(std::make_unique<const std::string>(std::move(text))),
      searcher_(text_->begin(), text_->end(), Hash{std::ranges::none_of(*text_, is_capital)},
                Equal{std::ranges::none_of(*text_, is_capital)}) {}

std::size_t Search::find(std::string_view bytes, std::size_t from) const {
  if (from > bytes.size()) return std::string_view::npos;
  if (text_->empty()) return from;
  const auto* const found = std::search(bytes.begin() + from, bytes.end(), searcher_);
  return found == bytes.end() ? std::string_view::npos
                              : static_cast<std::size_t>(found - bytes.begin());
}

bool Search::is_in(std::string_view bytes) const {
  return find(bytes, 0) != std::string_view::npos;
}

}  // namespace chatvim::text
