// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

namespace chatvim::http {

/// A server that is none: one of a pair of connected sockets takes what a request sends and holds
/// an answer ready. A request that is sent there goes through all of libcurl and never leaves the
/// process.
class DeadEnd {
 public:
  DeadEnd();
  DeadEnd(const DeadEnd&) = delete;
  DeadEnd& operator=(const DeadEnd&) = delete;
  ~DeadEnd();

  /// Makes a request go here, whatever its address is: to be called last of its options. False when
  /// the system gave no sockets.
  bool take(CURL* easy);

 private:
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);

  int near_ = -1;  ///< libcurl's, once it has asked for it
  int far_ = -1;
};

}  // namespace chatvim::http
