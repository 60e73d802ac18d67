// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chatvim::http {

/// Host and port of a URL, as libcurl reads it; never the password that may be in one.
struct Address {
  std::string host;  ///< brackets of an IPv6 address taken away; empty when the URL is not one
  std::string port;  ///< empty when the URL has none

  /// "host:port", or the host alone.
  std::string text() const { return port.empty() ? host : host + ":" + port; }
};

Address address_of(const std::string& url);

/// True for names and addresses that are always this machine's own.
bool is_loopback(const std::string& host);

}  // namespace chatvim::http
