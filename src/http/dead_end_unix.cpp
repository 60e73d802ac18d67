// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "dead_end.hpp"

namespace chatvim::http {

DeadEnd::~DeadEnd() {
  if (socket_ != CURL_SOCKET_BAD) ::close(socket_);
}

bool DeadEnd::take(CURL* easy, bool with_tls) {
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  // So that key commands do not inherit it. macOS has no SOCK_CLOEXEC.
  if (socket_ != CURL_SOCKET_BAD) ::fcntl(socket_, F_SETFD, FD_CLOEXEC);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (socket_ == CURL_SOCKET_BAD || ::bind(socket_, generic, size) != 0 ||
      ::getsockname(socket_, generic, &size) != 0) {
    return false;
  }
  const std::string url =
      fmt::format("{}://127.0.0.1:{}/", with_tls ? "https" : "http", ntohs(address.sin_port));
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 1000L);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, nullptr);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &DeadEnd::on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  return true;
}

curl_socket_t DeadEnd::on_open(void* self, curlsocktype, curl_sockaddr*) {
  return std::exchange(static_cast<DeadEnd*>(self)->socket_, CURL_SOCKET_BAD);
}

}  // namespace chatvim::http
