// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "chatvim/loop/system.hpp"
#include "dead_end.hpp"

namespace chatvim::http {

namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

int is_connected(void*, curl_socket_t, curlsocktype) { return CURL_SOCKOPT_ALREADY_CONNECTED; }

}  // namespace

DeadEnd::DeadEnd() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return;
  near_ = ends[0];
  far_ = ends[1];
  loop::set_nonblocking(far_);
}

DeadEnd::~DeadEnd() {
  if (near_ >= 0) ::close(near_);
  if (far_ >= 0) ::close(far_);
}

bool DeadEnd::take(CURL* easy) {
  if (far_ < 0) return false;
  char* address = nullptr;
  curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &address);
  const bool is_tls = address != nullptr && std::string_view(address).starts_with("https:");
  // Words that are no TLS end a handshake, after all that begins one.
  std::size_t count = 0;
  loop::write_some(far_, kAnswer, count);
  // No name that would have to be looked up.
  curl_easy_setopt(easy, CURLOPT_URL, is_tls ? "https://127.0.0.1/" : "http://127.0.0.1/");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, nullptr);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &DeadEnd::on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, is_connected);
  return true;
}

curl_socket_t DeadEnd::on_open(void* self, curlsocktype, curl_sockaddr*) {
  // A second one, to another address, gets none.
  return std::exchange(static_cast<DeadEnd*>(self)->near_, CURL_SOCKET_BAD);
}

}  // namespace chatvim::http
