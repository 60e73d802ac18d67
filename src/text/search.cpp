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

bool Search::is_in(std::string_view bytes) const {
  return text_->empty() || std::search(bytes.begin(), bytes.end(), searcher_) != bytes.end();
}

}  // namespace chatvim::text
