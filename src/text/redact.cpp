// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/redact.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "chatvim/text/secret_name.hpp"

namespace chatvim::text {
namespace {

constexpr std::string_view kHidden = "***";
constexpr std::size_t kLeastSecret = 8;
/// Characters that delimit the part of a URL that may hold a password.
constexpr std::string_view kBorders = " \t\r\n\"'<>/?#";
/// A prefix of this length gives away enough of a secret to be hidden too; shorter prefixes are
/// common to all keys of a provider.
constexpr std::size_t kLeastBeginning = 16;

/// Returns the length of the common prefix of a text and a secret.
std::size_t common_beginning(std::string_view text, std::string_view secret) {
  const std::size_t most = std::min(text.size(), secret.size());
  const auto differ =
      std::mismatch(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(most), secret.begin());
  return static_cast<std::size_t>(differ.first - text.begin());
}

/// A range of bytes in a text; the end is exclusive.
struct Range {
  std::size_t start = 0;
  std::size_t end = 0;
};

/// Appends the ranges that match the secret or a prefix of it. Matches may overlap: what looks like
/// a prefix may run into the secret itself.
void find_secret(std::string_view text, std::string_view secret, std::vector<Range>& found) {
  const std::string_view beginning = secret.substr(0, kLeastBeginning);
  for (std::size_t at = text.find(beginning); at != std::string_view::npos;
       at = text.find(beginning, at + 1)) {
    found.push_back({at, at + common_beginning(text.substr(at), secret)});
  }
}

/// Returns the text with each range hidden; overlapping ranges are merged.
std::string hide(std::string_view text, std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.start < b.start; });
  std::string out;
  std::size_t at = 0;
  for (const Range& range : ranges) {
    if (range.start >= at) {
      out += text.substr(at, range.start - at);
      out += kHidden;
    }
    at = std::max(at, range.end);
  }
  return out.append(text.substr(at));
}

std::string redact_passwords(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t start = 0, end = 0; start < text.size(); start = end + 1) {
    end = std::min(text.find_first_of(kBorders, start), text.size());
    const std::string_view word = text.substr(start, end - start);
    const std::size_t sign = word.rfind('@');  // a password may contain "@" too
    if (sign == std::string_view::npos) continue;
    const bool in_address = text.substr(0, start).ends_with("://");
    // Without a scheme, the address must stand alone: "10:30 pm @ home" is not an address.
    const bool alone = start == 0 || text[start - 1] == '"';
    const std::size_t colon = word.find(':');
    const bool has_password = colon < sign && (in_address || alone);
    const std::size_t from = has_password ? colon + 1 : in_address ? 0 : sign;
    if (from == sign) continue;
    out.append(text.substr(at, start + from - at)).append(kHidden);
    at = start + sign;
  }
  return out.append(text.substr(at));
}

std::string redact_fields(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t mark = text.find_first_of("?&"); mark != std::string_view::npos;
       mark = text.find_first_of("?&", mark + 1)) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\"'<>&#", mark + 1), text.size());
    const std::size_t equals = text.substr(0, end).find('=', mark + 1);
    if (equals == std::string_view::npos || equals + 1 == end) continue;
    if (!names_secret(text.substr(mark + 1, equals - mark - 1))) continue;
    out += text.substr(at, equals + 1 - at);
    out += kHidden;
    at = end;
  }
  return out.append(text.substr(at));
}

}  // namespace

std::string redact(std::string_view text, std::span<const std::string> secrets) {
  // Find all secrets in the original text, because one may be part of another.
  std::vector<Range> found;
  for (const std::string& secret : secrets) {
    if (secret.size() >= kLeastSecret) find_secret(text, secret, found);
  }
  return hide(text, std::move(found));
}

std::string redact_addresses(std::string_view text) {
  return redact_fields(redact_passwords(text));
}

}  // namespace chatvim::text
