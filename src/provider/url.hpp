// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chatvim::provider {

/// The parts of an http or https URL that an endpoint is made from; a fragment is dropped.
struct Url {
  std::string origin;  ///< scheme, user, host and port
  std::string path;    ///< with a leading slash and no trailing one; may be empty
  std::string query;   ///< with its question mark; may be empty

  /// Returns nothing if the text has another scheme, no host, or bytes that are not allowed in a
  /// URL.
  static std::optional<Url> parse(std::string_view text);
  std::string text() const { return origin + path + query; }
};

/// Removes trailing slashes from an address. Returns what is wrong with it, or "" if it is valid;
/// `source` is the setting or variable that it came from.
std::string tidy_address(std::string& address, std::string_view source);

}  // namespace chatvim::provider
