// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/search.hpp"

#include <algorithm>
#include <utility>

namespace chatvim::text {
namespace {

bool is_capital(char byte) { return byte >= 'A' && byte <= 'Z'; }

char small(char byte) { return is_capital(byte) ? static_cast<char>(byte - 'A' + 'a') : byte; }

}  // namespace

Search::Search(std::string text)
    : both_cases_(std::none_of(text.begin(), text.end(), is_capital)), text_(std::move(text)) {
  shifts_.fill(std::max<std::size_t>(text_.size(), 1));
  for (std::size_t i = 0; i + 1 < text_.size(); ++i) {
    shifts_[folded(text_[i])] = text_.size() - 1 - i;
  }
}

bool Search::is_in(std::string_view bytes) const {
  if (text_.empty()) {
    return true;
  }
  const std::size_t last = text_.size() - 1;
  std::size_t at = 0;
  while (at + last < bytes.size()) {
    if (is_at(bytes, at)) {
      return true;
    }
    at += shifts_[folded(bytes[at + last])];
  }
  return false;
}

unsigned char Search::folded(char byte) const {
  return static_cast<unsigned char>(both_cases_ ? small(byte) : byte);
}

bool Search::is_at(std::string_view bytes, std::size_t at) const {
  for (std::size_t i = text_.size(); i > 0; --i) {
    if (folded(bytes[at + i - 1]) != static_cast<unsigned char>(text_[i - 1])) {
      return false;
    }
  }
  return true;
}

}  // namespace chatvim::text
