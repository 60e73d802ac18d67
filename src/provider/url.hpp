// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chatvim::provider {

/// The parts of an http or https address that an endpoint is made from; a fragment is dropped.
struct Url {
  std::string origin;  ///< scheme, user, host and port
  std::string path;    ///< with a slash at its start, without one at its end; or empty
  std::string query;   ///< with its question mark; or empty

  /// Nothing when it has another scheme, no host, or bytes that no address has.
  static std::optional<Url> parse(std::string_view text);
  std::string text() const { return origin + path + query; }
};

/// Takes the slashes off the end of an address. The answer says what is wrong with it, `source`
/// being where it was written; empty: nothing.
std::string tidy_address(std::string& address, std::string_view source);

}  // namespace chatvim::provider
