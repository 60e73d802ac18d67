// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chatvim::text {

/// The parts of a URL or relative reference (RFC 3986, section 3), neither decoded nor checked. The
/// views point into the text; joined, they give what follows the scheme and "//".
struct Url {
  std::string scheme;          ///< in lower case; empty if there is none
  bool has_authority = false;  ///< whether there is a "//" before user, host and port
  std::string_view user;       ///< with its "@"; may hold a password
  std::string_view host;       ///< with the brackets of an IPv6 address
  std::string_view port;       ///< with its ":"
  std::string_view path;
  std::string_view query;     ///< with its "?"
  std::string_view fragment;  ///< with its "#"

  /// Returns what precedes the path, such as "https://user@host:8080" or "//host"; empty without an
  /// authority.
  std::string origin() const;
};

/// Splits any text; what cannot be another part is the path.
Url split_url(std::string_view text);

/// Returns nothing if the text is not an http or https URL with a host, or contains a byte that no
/// URL may contain (white space, ASCII control characters).
std::optional<Url> parse_http_url(std::string_view text);

}  // namespace chatvim::text
