// SPDX-License-Identifier: Apache-2.0
#include "chatvim/json/text.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace chatvim::json {
namespace {

/// How each byte is written after a backslash; 0: as it is; 'u': as \u00XX.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

/// A word whose lowest set bit is in the first of eight bytes (the lowest) that is below 0x20, a
/// quote or a backslash; 0: none is. It is the "has a zero byte" trick, thrice; bits above the
/// lowest may be wrong.
constexpr std::uint64_t special_bits(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t w) { return (w - kOnes) & ~w & kHighs; };
  const std::uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;
  return control | has_zero(word ^ (kOnes * '"')) | has_zero(word ^ (kOnes * '\\'));
}

}  // namespace

std::size_t find_special(std::string_view text, std::size_t at) {
  while (at + sizeof(std::uint64_t) <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    if (const std::uint64_t bits = special_bits(word); bits != 0) {
      if constexpr (std::endian::native != std::endian::little) break;
      return at + static_cast<std::size_t>(std::countr_zero(bits)) / 8;
    }
    at += sizeof(word);
  }
  while (at < text.size() && kEscapes[static_cast<unsigned char>(text[at])] == 0) ++at;
  return at;
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = find_special(text, at);
    out.append(text, at, end - at);
    at = end;
    for (; at < text.size(); ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      const char escape = kEscapes[byte];
      if (escape == 0) break;
      out.push_back('\\');
      out.push_back(escape);
      if (escape != 'u') continue;
      out.append("00");
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 0xF]);
    }
  }
  out.push_back('"');
}

}  // namespace chatvim::json
