// SPDX-License-Identifier: Apache-2.0
#include "pictures.hpp"

#include <cstdint>
#include <string_view>

#include "standin.hpp"

namespace chatvim::testing {

namespace {

/// Encodes a number in `size` bytes, big-endian.
std::string big(std::uint32_t number, int size) {
  std::string bytes;
  for (int i = size - 1; i >= 0; --i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
  return bytes;
}

/// Returns PNG's checksum (annex D of its specification).
std::uint32_t crc(std::string_view bytes) {
  std::uint32_t sum = 0xFFFFFFFF;
  for (const char byte : bytes) {
    sum ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 1) != 0 ? 0xEDB88320 ^ sum >> 1 : sum >> 1;
  }
  return sum ^ 0xFFFFFFFF;
}

std::string chunk(const std::string& type, const std::string& data) {
  return big(static_cast<std::uint32_t>(data.size()), 4) + type + data + big(crc(type + data), 4);
}

/// Returns zeros in zlib's format (RFC 1950), in one uncompressed block. Zeros make the checksum
/// simple.
std::string zeros(std::uint32_t size) {
  std::string block("\x78\x01\x01", 3);
  for (const std::uint32_t number : {size, ~size}) {
    block += static_cast<char>(number & 0xFF);
    block += static_cast<char>(number >> 8 & 0xFF);
  }
  return block + std::string(size, '\0') + big(size << 16 | 1, 4);
}

}  // namespace

std::string png(int width, int height) {
  const auto columns = static_cast<std::uint32_t>(width);
  const auto rows = static_cast<std::uint32_t>(height);
  // One bit per pixel, and a filter byte before each row.
  return "\x89PNG\r\n\x1A\n" +
         chunk("IHDR", big(columns, 4) + big(rows, 4) + std::string("\1\0\0\0\0", 5)) +
         chunk("IDAT", zeros(((columns + 7) / 8 + 1) * rows)) + chunk("IEND", "");
}

std::string gif() {
  return decode_base64("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
}

std::string jpeg() {
  return decode_base64(
      "/9j/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQ"
      "CgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=");
}

std::string webp() {
  return decode_base64("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");
}

std::string pdf() {
  return "%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
         "2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
}

std::string encode_base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kAlphabet[bits << (6 - count) & 63];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

}  // namespace chatvim::testing
