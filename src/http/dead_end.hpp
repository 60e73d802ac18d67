// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

namespace chatvim::http {

/// A socket of this machine that is connected to itself (RFC 9293, section 3.5, simultaneous open).
/// A request that is sent there goes through all of libcurl until it reads itself as an answer and
/// fails. It never leaves the process.
class DeadEnd {
 public:
  DeadEnd() = default;
  DeadEnd(const DeadEnd&) = delete;
  DeadEnd& operator=(const DeadEnd&) = delete;
  ~DeadEnd();

  /// Makes a request go here whatever its address is, with TLS or without; to be called last of its
  /// options. False when the system gives no such socket.
  bool take(CURL* easy, bool with_tls);

 private:
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);

  curl_socket_t socket_ = CURL_SOCKET_BAD;  ///< libcurl's once it has asked for it
};

}  // namespace chatvim::http
