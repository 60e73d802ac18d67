// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

namespace chatvim::standin {
namespace {

// An address of either family.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

bool parse_loopback(const std::string& host, std::uint16_t port, Address& out) {
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    out.length = sizeof *v4;
    return (ntohl(v4->sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) != 1) return false;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  out.length = sizeof *v6;
  return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

}  // namespace

Listener::~Listener() { ::close(fd_); }

std::unique_ptr<Listener> Listener::open(const std::string& host, std::uint16_t port,
                                         std::string& error) {
  Address address;
  if (!parse_loopback(host, port, address)) {
    error = host + " is no loopback address";
    return nullptr;
  }
  const int fd = socket(address.storage.ss_family, SOCK_STREAM, 0);
  std::unique_ptr<Listener> made(fd < 0 ? nullptr : new Listener(fd));
  const int on = 1;
  if (made) {
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  if (!made || bind(fd, reinterpret_cast<sockaddr*>(&address.storage), address.length) != 0 ||
      listen(fd, SOMAXCONN) != 0) {
    error = "cannot listen on " + host + ": " + strerror(errno);
    return nullptr;
  }
  return made;
}

std::string Listener::name() const {
  Address address;
  address.length = sizeof address.storage;
  getsockname(fd_, reinterpret_cast<sockaddr*>(&address.storage), &address.length);
  char text[INET6_ADDRSTRLEN] = "";
  if (address.storage.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    return '[' + std::string(text) + "]:" + std::to_string(ntohs(v6->sin6_port));
  }
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
  inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
  return std::string(text) + ':' + std::to_string(ntohs(v4->sin_port));
}

Server::~Server() {
  for (Worker& worker : workers_) worker.connection->abort();
  for (Worker& worker : workers_) worker.thread.join();
}

void Server::accept(const Listener& listener, bool control_only) {
  const int fd = ::accept(listener.fd(), nullptr, nullptr);
  if (fd < 0) return;
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  auto stream = tls_ != nullptr && !control_only ? tls_->wrap(fd) : std::make_shared<Stream>(fd);
  const std::lock_guard lock(mutex_);
  join_finished();
  Worker& worker = workers_.emplace_back();
  worker.connection = std::make_unique<Connection>(std::move(stream), services_, control_only);
  worker.thread = std::thread([&worker] {
    worker.connection->run();
    worker.finished = true;
  });
}

void Server::drop_connections() {
  const std::lock_guard lock(mutex_);
  for (Worker& worker : workers_) {
    if (!worker.connection->is_control()) worker.connection->abort();
  }
}

void Server::join_finished() {
  workers_.remove_if([](Worker& worker) {
    if (!worker.finished) return false;
    worker.thread.join();
    return true;
  });
}

}  // namespace chatvim::standin
