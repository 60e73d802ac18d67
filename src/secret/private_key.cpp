// SPDX-License-Identifier: Apache-2.0
#include "private_key.hpp"

#include <algorithm>

namespace chatvim::secret {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kPutty = "PuTTY-User-Key-File-";
/// No label is longer (RFC 7468, section 4, has "ENCRYPTED PRIVATE KEY" as its longest).
constexpr std::size_t kMostLabel = 60;
/// A key of 16,384 bits takes up 12 KiB. Where no end follows, the rest up to there counts as key.
constexpr std::size_t kMostKey = 64U << 10U;

/// A header in a program's text is followed by a quotation mark; one that begins a key by the end
/// of the line, the same as an escape, or the key.
bool begins_key(std::string_view behind) {
  if (behind.empty()) return false;
  const char c = behind.front();
  return c == '\n' || c == '\r' || c == ' ' || behind.starts_with("\\n") ||
         behind.starts_with("\\r") || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c >= '0' && c <= '9');
}

bool has_text(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") != std::string_view::npos;
}

}  // namespace

std::size_t match_private_key(std::string_view text) {
  if (text.starts_with(kPutty)) {
    const std::string_view rest = text.substr(kPutty.size());
    const bool is_file = rest.size() > 2 && rest[0] >= '1' && rest[0] <= '9' && rest[1] == ':';
    return is_file ? std::min(text.size(), kMostKey) : 0;
  }
  if (!text.starts_with(kBegin)) return 0;
  const std::string_view label = text.substr(kBegin.size(), kMostLabel);
  const std::size_t dashes = label.find(kDashes);
  if (dashes == std::string_view::npos) return 0;
  const std::string_view name = label.substr(0, dashes);
  if (!name.ends_with("PRIVATE KEY") && !name.ends_with("PRIVATE KEY BLOCK")) return 0;
  const std::size_t header = kBegin.size() + dashes + kDashes.size();
  const std::string_view behind = text.substr(header, kMostKey);
  if (!begins_key(behind)) return 0;
  const std::size_t end = behind.find(kEnd);
  if (!has_text(behind.substr(0, end))) return 0;
  if (end == std::string_view::npos) return header + behind.size();
  return header + std::min(behind.find('\n', end), behind.size());
}

}  // namespace chatvim::secret
