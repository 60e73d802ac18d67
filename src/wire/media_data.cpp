// SPDX-License-Identifier: Apache-2.0
#include "media_data.hpp"

#include <array>
#include <cstdint>

#include "chatvim/json/text.hpp"
#include "chatvim/text/number.hpp"

namespace chatvim::wire {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 64;

/// The value of each byte as a digit in base64.
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

std::optional<std::string> decode_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::uint8_t digit = kDigits[static_cast<unsigned char>(c)];
    if (digit == kNoDigit) return std::nullopt;
    bits = bits << 6 | digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return out;
}

std::string_view bytes_of(const document::Part& part) {
  return part.bytes ? std::string_view(*part.bytes) : std::string_view();
}

void append_data_url(std::string& out, const document::Part& part, bool describes) {
  if (!part.url.empty()) return json::append_json_string(out, part.url);
  const std::string start = "data:" + part.media_type + ";base64,";
  if (describes) {
    return json::append_json_string(
        out, start + "<" + text::with_commas(bytes_of(part).size()) + " bytes>");
  }
  json::append_json_string(out, start);
  out.pop_back();
  append_base64(out, bytes_of(part));
  out.push_back('"');
}

void append_data(std::string& out, const document::Part& part, bool describes) {
  const std::string_view bytes = bytes_of(part);
  if (describes) {
    return json::append_json_string(
        out, "<" + part.media_type + ", " + text::with_commas(bytes.size()) + " bytes>");
  }
  out.push_back('"');
  append_base64(out, bytes);
  out.push_back('"');
}

std::string_view file_name_of(const document::Part& part) {
  std::string_view name = part.text;
  while (name.ends_with('/')) name.remove_suffix(1);
  name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
  return name.empty() ? "document.pdf" : name;
}

}  // namespace chatvim::wire
