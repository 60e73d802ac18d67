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

/// Returns where the password that ends at an `@` starts, or npos.
std::size_t password_before(std::string_view text, std::size_t sign) {
  const std::size_t border =
      sign == 0 ? std::string_view::npos : text.find_last_of(kBorders, sign - 1);
  const std::size_t start = border + 1;  // npos + 1 is 0
  const std::size_t colon = text.find(':', start);
  const bool in_address = start >= 3 && text.substr(start - 3, 3) == "://";
  // Without a scheme, the address must stand alone: "10:30 pm @ home" is not an address.
  const bool alone = border == std::string_view::npos || text[border] == '"';
  if (colon < sign && (in_address || alone)) return colon + 1;
  return in_address ? start : std::string_view::npos;
}

/// Returns the last `@` of the address that contains this one: a password may contain `@` too.
std::size_t last_sign(std::string_view text, std::size_t sign) {
  const std::size_t end = std::min(text.find_first_of(kBorders, sign), text.size());
  return text.rfind('@', end - 1);
}

std::string redact_passwords(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t sign = text.find('@'); sign != std::string_view::npos;
       sign = text.find('@', sign + 1)) {
    sign = last_sign(text, sign);
    const std::size_t start = password_before(text, sign);
    if (start == std::string_view::npos || start < at || start == sign) continue;
    out += text.substr(at, start - at);
    out += kHidden;
    at = sign;
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
