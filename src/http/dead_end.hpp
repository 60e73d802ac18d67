// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

namespace chatvim::http {

/// A local socket that is connected to itself (RFC 9293, section 3.5, simultaneous open). A request
/// sent to it passes through all of libcurl until it receives itself as the answer and fails. It
/// never leaves the process.
class DeadEnd {
 public:
  DeadEnd() = default;
  DeadEnd(const DeadEnd&) = delete;
  DeadEnd& operator=(const DeadEnd&) = delete;
  ~DeadEnd();

  /// Directs a request to this socket, whatever its URL, with or without TLS; must be called after
  /// all other options are set. Returns false if the system cannot provide such a socket.
  bool take(CURL* easy, bool with_tls);

 private:
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);

  curl_socket_t socket_ = CURL_SOCKET_BAD;  ///< owned by libcurl once it has requested it
};

}  // namespace chatvim::http
