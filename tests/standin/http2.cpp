// SPDX-License-Identifier: Apache-2.0
#include "http2.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace chatvim::standin {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kHeadSize = 9;
constexpr std::size_t kMostPayload = 16384;

enum Type : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kReset = 3,
  kSettings = 4,
  kGoAway = 7,
  kWindowUpdate = 8,
};
constexpr std::uint8_t kEndStream = 1;
constexpr std::uint8_t kAcknowledged = 1;
constexpr std::uint8_t kEndHeaders = 4;
constexpr std::uint8_t kPadded = 8;
constexpr std::uint32_t kInternalError = 2;
constexpr std::uint32_t kLargeWindow = 0x3FFFFFFF;

std::string number(std::uint32_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

std::uint32_t read_number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string frame(Type type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  std::string out = number(static_cast<std::uint32_t>(payload.size()), 3);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  return (out += number(stream, 4)).append(payload);
}

// Appends a length in HPACK encoding, with seven bits in its first byte (RFC 7541, section 5.1).
void append_length(std::size_t length, std::string& out) {
  constexpr std::size_t kMost = 127;
  if (length < kMost) {
    out += static_cast<char>(length);
    return;
  }
  out += static_cast<char>(kMost);
  for (length -= kMost; length >= 128; length /= 128)
    out += static_cast<char>(length % 128 | 0x80U);
  out += static_cast<char>(length);
}

// Appends a header field in HPACK encoding, as a literal without indexing.
void append_field(std::string_view name, std::string_view value, std::string& out) {
  out += '\0';
  append_length(name.size(), out);
  for (const char c : name) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  append_length(value.size(), out);
  out += value;
}

}  // namespace

std::optional<HttpRequest> Http2Reader::next() {
  if (!std::exchange(begun_, true) && !begin()) return std::nullopt;
  HttpRequest request;
  request.method = "POST";
  request.target = "/";
  request.version = "HTTP/2";
  while (std::optional<Frame> frame = read_frame()) {
    if (request.first_byte_ns == 0) request.first_byte_ns = now_ns();
    if (frame->type == kSettings && (frame->flags & kAcknowledged) == 0) {
      if (!stream_.write(standin::frame(kSettings, kAcknowledged, 0, {}))) break;
    } else if (frame->type == kHeaders) {
      stream_id_ = frame->stream;
      request.headers_ns = now_ns();
    } else if (frame->type == kData) {
      if ((frame->flags & kPadded) != 0) break;  // our clients do not pad
      request.body += frame->payload;
    }
    const bool is_request = frame->type == kHeaders || frame->type == kData;
    if (!is_request || (frame->flags & kEndStream) == 0) continue;
    request.body_ns = now_ns();
    return request;
  }
  return std::nullopt;
}

// Reads the client's preface and sends ours: a window that no request fills.
bool Http2Reader::begin() {
  const auto preface = read_exactly(kPreface.size());
  if (!preface || *preface != kPreface) return false;
  constexpr std::uint32_t kInitialWindowSize = 4;
  return stream_.write(
      frame(kSettings, 0, 0, number(kInitialWindowSize, 2) + number(kLargeWindow, 4)) +
      frame(kWindowUpdate, 0, 0, number(kLargeWindow, 4)));
}

std::optional<Http2Reader::Frame> Http2Reader::read_frame() {
  const auto head = read_exactly(kHeadSize);
  if (!head) return std::nullopt;
  const std::string_view bytes = *head;
  auto payload = read_exactly(read_number(bytes.substr(0, 3)));
  if (!payload) return std::nullopt;
  return Frame{static_cast<std::uint8_t>(bytes[3]), static_cast<std::uint8_t>(bytes[4]),
               read_number(bytes.substr(5)) & 0x7FFFFFFFU, std::move(*payload)};
}

std::optional<std::string> Http2Reader::read_exactly(std::size_t size) {
  std::array<char, kMostPayload> piece;
  while (buffer_.size() < size) {
    const std::size_t got = stream_.read(piece.data(), piece.size());
    if (got == 0) return std::nullopt;
    buffer_.append(piece.data(), got);
  }
  std::string out = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return out;
}

std::string http2_head(std::uint32_t stream, int status, const std::vector<Header>& headers) {
  std::string block;
  append_field(":status", std::to_string(status), block);
  for (const Header& header : headers) append_field(header.name, header.value, block);
  return frame(kHeaders, kEndHeaders, stream, block);
}

std::string http2_data(std::uint32_t stream, std::string_view data, bool last) {
  std::string out;
  do {
    const std::string_view piece = data.substr(0, kMostPayload);
    data.remove_prefix(piece.size());
    out += frame(kData, last && data.empty() ? kEndStream : 0, stream, piece);
  } while (!data.empty());
  return out;
}

std::string http2_reset(std::uint32_t stream) {
  return frame(kReset, 0, stream, number(kInternalError, 4));
}

std::string http2_goaway() {
  return frame(kGoAway, 0, 0, number(0, 4) + number(kInternalError, 4));
}

}  // namespace chatvim::standin
