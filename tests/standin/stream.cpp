// SPDX-License-Identifier: Apache-2.0
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <algorithm>

namespace chatvim::standin {
namespace {

#ifdef POLLRDHUP
// The kernel reports the client's FIN even while unread bytes remain.
constexpr short kCloseEvents = POLLRDHUP;
constexpr Nanoseconds kLongestPoll = 3600 * kSecond;
#else
// Without POLLRDHUP the socket is polled every few milliseconds.
constexpr short kCloseEvents = 0;
constexpr Nanoseconds kLongestPoll = 5 * kMillisecond;
#endif

void poll_for(pollfd* fds, nfds_t count, Nanoseconds timeout) {
#ifdef __linux__
  const timespec limit{static_cast<time_t>(timeout / kSecond),
                       static_cast<long>(timeout % kSecond)};
  ppoll(fds, count, &limit, nullptr);
#else
  poll(fds, count, static_cast<int>((timeout + kMillisecond - 1) / kMillisecond));
#endif
}

}  // namespace

Stream::Stream(int fd) : fd_(fd) {
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

Stream::~Stream() { Stream::close(Ending::kAbrupt); }

bool Stream::handshake() { return true; }

std::size_t Stream::read(char* data, std::size_t size) {
  for (;;) {
    const ssize_t got = recv(fd_, data, size, 0);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return 0;
    if (!wait_ready(POLLIN)) return 0;
  }
}

bool Stream::write(std::string_view data) {
  while (!data.empty()) {
    const ssize_t put = send(fd_, data.data(), data.size(), 0);
    if (put >= 0) {
      data.remove_prefix(static_cast<std::size_t>(put));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
    if (!wait_ready(POLLOUT)) return false;
  }
  return true;
}

Stream::Wait Stream::wait(Nanoseconds deadline, int wake_fd) {
  for (;;) {
    if (peer_closed()) return Wait::kClosed;
    const Nanoseconds left = deadline - now_ns();
    if (left <= 0) return Wait::kTime;
    pollfd fds[2] = {{fd_, kCloseEvents, 0}, {wake_fd, POLLIN, 0}};
    poll_for(fds, 2, std::min(left, kLongestPoll));
    if (fds[0].revents != 0) return Wait::kClosed;
    if (fds[1].revents != 0) return Wait::kWoken;
  }
}

void Stream::close(Ending ending) {
  const std::lock_guard lock(mutex_);
  if (fd_ < 0) return;
  if (ending == Ending::kReset) {
    const linger at_once{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  ::close(fd_);
  fd_ = -1;
}

void Stream::abort() {
  const std::lock_guard lock(mutex_);
  if (fd_ >= 0) shutdown(fd_, SHUT_RDWR);
}

void Stream::sharpen_timers() {
#ifdef __linux__
  prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
#endif
}

bool Stream::wait_ready(short events) {
  for (;;) {
    // A reader still wants the bytes before a FIN, so only a writer waits for the FIN.
    const short wanted = static_cast<short>(events == POLLOUT ? events | kCloseEvents : events);
    pollfd one{fd_, wanted, 0};
    const int ready = poll(&one, 1, -1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return false;
    if (events == POLLOUT && (one.revents & ~POLLOUT) != 0) return false;
    return true;
  }
}

bool Stream::peer_closed() const {
  pollfd one{fd_, kCloseEvents, 0};
  if (fd_ < 0 || (poll(&one, 1, 0) > 0 && one.revents != 0)) return true;
#ifndef POLLRDHUP
  char byte = 0;
  if (recv(fd_, &byte, 1, MSG_PEEK) == 0) return true;
#endif
  return false;
}

}  // namespace chatvim::standin
