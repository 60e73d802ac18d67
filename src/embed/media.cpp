// SPDX-License-Identifier: Apache-2.0
#include "media.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace chatvim::embed {
namespace {

using std::string_view_literals::operator""sv;

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i > 0; --i) value = value << 8U | byte_at(bytes, at + i - 1);
  return value;
}

std::uint32_t big(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8U | byte_at(bytes, at + i);
  return value;
}

/// Larger sizes are invalid.
constexpr std::uint32_t kMostPixels = 0x7FFFFFFF;

void set_size(Media& media, std::uint32_t width, std::uint32_t height) {
  media.broken = width == 0 || height == 0 || width > kMostPixels || height > kMostPixels;
  if (media.broken) return;
  media.width = static_cast<int>(width);
  media.height = static_cast<int>(height);
}

/// Reads a PNG header. IHDR is the first chunk (PNG Third Edition, section 11.2.1).
Media png(std::string_view bytes) {
  Media media{Media::Kind::kPicture, "png", "image/png"};
  if (bytes.size() < 33 || bytes.substr(12, 4) != "IHDR") {
    media.broken = true;
  } else {
    set_size(media, big(bytes, 16, 4), big(bytes, 20, 4));
  }
  return media;
}

Media gif(std::string_view bytes) {
  Media media{Media::Kind::kPicture, "gif", "image/gif"};
  if (bytes.size() < 13) {
    media.broken = true;
  } else {
    set_size(media, little(bytes, 6, 2), little(bytes, 8, 2));
  }
  return media;
}

/// Reads a WebP header of a lossy, lossless or extended file (RFC 9649, sections 2.5 to 2.7).
Media webp(std::string_view bytes) {
  Media media{Media::Kind::kPicture, "webp", "image/webp"};
  const std::string_view chunk = bytes.size() < 30 ? ""sv : bytes.substr(12, 4);
  if (chunk == "VP8 ") {
    set_size(media, little(bytes, 26, 2) & 0x3FFFU, little(bytes, 28, 2) & 0x3FFFU);
  } else if (chunk == "VP8L") {
    const std::uint32_t bits = little(bytes, 21, 4);
    set_size(media, (bits & 0x3FFFU) + 1, (bits >> 14U & 0x3FFFU) + 1);
  } else if (chunk == "VP8X") {
    set_size(media, little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1);
  } else {
    media.broken = true;
  }
  return media;
}

/// Whether a marker is a start of frame. 0xC4, 0xC8 and 0xCC have other meanings (ITU T.81, table
/// B.1).
bool is_frame(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// Reads a JPEG header. The size is in the start of frame, which follows segments of any length
/// (ITU T.81, annex B).
Media jpeg(std::string_view bytes) {
  Media media{Media::Kind::kPicture, "jpeg", "image/jpeg"};
  media.broken = true;
  std::size_t at = 2;
  while (at + 4 <= bytes.size() && byte_at(bytes, at) == 0xFF) {
    const std::uint32_t marker = byte_at(bytes, at + 1);
    if (marker == 0xFF) {
      ++at;  // a fill byte
    } else if (is_frame(marker)) {
      if (at + 9 <= bytes.size()) set_size(media, big(bytes, at + 7, 2), big(bytes, at + 5, 2));
      return media;
    } else if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      at += 2;  // without a segment
    } else if (marker == 0xD9 || marker == 0xDA) {
      return media;
    } else {
      at += 2 + big(bytes, at + 2, 2);
    }
  }
  return media;
}

/// A picture format that no model accepts.
struct Foreign {
  std::string_view magic;
  std::size_t offset;
  std::string_view name;
};

constexpr std::array kForeign = {Foreign{"II*\0"sv, 0, "TIFF"},
                                 Foreign{"MM\0*"sv, 0, "TIFF"},
                                 Foreign{"\0\0\1\0"sv, 0, "ICO"},
                                 Foreign{"8BPS\0"sv, 0, "Photoshop"},
                                 Foreign{"ftypavif"sv, 4, "AVIF"},
                                 Foreign{"ftypavis"sv, 4, "AVIF"},
                                 Foreign{"ftypheic"sv, 4, "HEIC"},
                                 Foreign{"ftypheix"sv, 4, "HEIC"},
                                 Foreign{"ftyphevc"sv, 4, "HEIC"},
                                 Foreign{"ftypmif1"sv, 4, "HEIC"},
                                 Foreign{"ftypmsf1"sv, 4, "HEIC"},
                                 Foreign{"\xFF\x0A"sv, 0, "JPEG XL"},
                                 Foreign{"\0\0\0\x0CJXL "sv, 0, "JPEG XL"},
                                 Foreign{"\0\0\0\x0CjP  "sv, 0, "JPEG 2000"}};

/// Whether the bytes are a BMP file. The header's size distinguishes it from text that begins with
/// "BM".
bool is_bitmap(std::string_view bytes) {
  const std::uint32_t header = little(bytes, 14, 4);
  return bytes.starts_with("BM") && bytes.size() >= 18 &&
         (header == 12 || header == 40 || header == 52 || header == 56 || header == 108 ||
          header == 124);
}

}  // namespace

Media sniff(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return png(bytes);
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return jpeg(bytes);
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return gif(bytes);
  if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP") {
    return webp(bytes);
  }
  if (bytes.starts_with("%PDF-")) return {Media::Kind::kPdf, "PDF", "application/pdf"};
  if (is_bitmap(bytes)) return {Media::Kind::kForeign, "BMP", ""};
  for (const Foreign& foreign : kForeign) {
    if (bytes.size() >= foreign.offset && bytes.substr(foreign.offset).starts_with(foreign.magic)) {
      return {Media::Kind::kForeign, foreign.name, ""};
    }
  }
  return {};
}

}  // namespace chatvim::embed
