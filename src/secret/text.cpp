// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <algorithm>
#include <array>
#include <bitset>

namespace chatvim::secret {

std::size_t count_front(std::string_view text, std::string_view set, std::size_t most) {
  text = text.substr(0, most);
  return std::min(text.find_first_not_of(set), text.size());
}

std::size_t count_back(std::string_view text, std::size_t at, std::string_view set) {
  const std::size_t begin = at - std::min(at, kFar);
  const std::string_view before = text.substr(begin, at - begin);
  const std::size_t last = before.find_last_not_of(set);
  return last == std::string_view::npos ? before.size() : before.size() - last - 1;
}

bool is_behind(std::string_view text, std::size_t at, std::string_view before) {
  return text.substr(0, at).ends_with(before);
}

std::string small_letters(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return small;
}

bool is_placeholder(std::string_view value) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"example", "xxxx", "your", "changeme", "change-me", "change_me", "placeholder", "password",
       "passwd", "****", "....", "dummy", "redacted", "secret"});
  const std::string small = small_letters(value);
  return std::any_of(kWords.begin(), kWords.end(), [&small](std::string_view word) {
    return small.find(word) != std::string::npos;
  });
}

bool is_random(std::string_view value) {
  std::bitset<256> different;
  for (const char c : value) different.set(static_cast<unsigned char>(c));
  const bool digits = value.find_first_of(kDigits) != std::string_view::npos;
  const bool letters = value.find_first_not_of(kDigits) != std::string_view::npos;
  return digits && letters && different.count() >= 8 && !is_placeholder(value);
}

}  // namespace chatvim::secret
