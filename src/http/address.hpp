// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chatvim::http {

/// The host and port of a URL as libcurl parses it; never a password that the URL may contain.
struct Address {
  std::string host;  ///< without the brackets of an IPv6 address; empty if the URL is invalid
  std::string port;  ///< empty if the URL has none

  /// Returns "host:port", or only the host.
  std::string text() const { return port.empty() ? host : host + ":" + port; }
};

Address address_of(const std::string& url);

/// Whether a name or address always refers to this machine.
bool is_loopback(const std::string& host);

}  // namespace chatvim::http
