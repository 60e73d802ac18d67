// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/base64.hpp"

#include <array>
#include <cstdint>

namespace chatvim::text {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t kNoDigit = 64;

/// The value of each byte as a digit.
constexpr std::array<std::uint8_t, 256> kDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  for (auto& digit : digits) digit = kNoDigit;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t start = out.size();
  // Resize once; pushing megabytes byte by byte would be slow.
  out.resize(start + base64_size(bytes.size()), '=');
  char* to = out.data() + start;
  for (std::size_t at = 0; at < bytes.size(); at += 3, to += 4) {
    const std::size_t left = bytes.size() - at;
    const auto byte = [&](std::size_t index) {
      return index < left ? static_cast<unsigned char>(bytes[at + index]) : std::uint32_t{0};
    };
    const std::uint32_t word = byte(0) << 16 | byte(1) << 8 | byte(2);
    to[0] = kAlphabet[word >> 18];
    to[1] = kAlphabet[word >> 12 & 63];
    if (left > 1) to[2] = kAlphabet[word >> 6 & 63];
    if (left > 2) to[3] = kAlphabet[word & 63];
  }
}

std::string base64(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  if (padding > 0 && text.empty()) return std::nullopt;
  // Whole groups of four digits, written without a check of the size for each byte.
  std::string out(text.size() / 4 * 3 + 2, '\0');
  char* to = out.data();
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    const auto digit = [&](std::size_t index) {
      return std::uint32_t{kDigits[static_cast<unsigned char>(text[at + index])]};
    };
    const std::uint32_t all = digit(0) | digit(1) | digit(2) | digit(3);
    if ((all & kNoDigit) != 0) return std::nullopt;
    const std::uint32_t word = digit(0) << 18 | digit(1) << 12 | digit(2) << 6 | digit(3);
    *to++ = static_cast<char>(word >> 16 & 0xFF);
    *to++ = static_cast<char>(word >> 8 & 0xFF);
    *to++ = static_cast<char>(word & 0xFF);
  }
  std::uint32_t word = 0;
  std::size_t bits = 0;
  for (; at < text.size(); ++at) {
    const std::uint8_t digit = kDigits[static_cast<unsigned char>(text[at])];
    if (digit == kNoDigit) return std::nullopt;
    word = word << 6 | digit;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *to++ = static_cast<char>(word >> bits & 0xFF);
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
  return out;
}

}  // namespace chatvim::text
