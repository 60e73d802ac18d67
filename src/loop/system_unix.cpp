// SPDX-License-Identifier: Apache-2.0
#include "chatvim/loop/system.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <cerrno>
#include <csignal>

namespace chatvim::loop {

int standard_input() { return STDIN_FILENO; }
int standard_output() { return STDOUT_FILENO; }
int standard_error() { return STDERR_FILENO; }

void open_standard_descriptors() {
  // In this order, because open(2) returns the lowest free number.
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) ::open("/dev/null", O_RDONLY);
  }
}

bool is_writable(int fd) {
  const int flags = fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

void keep_memory() {
#if defined(__GLIBC__)
  // The largest value that glibc accepts on 64 bits; larger blocks come from the system each time.
  constexpr int kMostInHeap = 32 * 1024 * 1024;
  constexpr int kNever = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kMostInHeap);
  mallopt(M_TRIM_THRESHOLD, kNever);
#endif
}

void give_back_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

void hide_memory() {
#if defined(__linux__)
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#else
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#endif
}

void set_nonblocking(int fd) {
  const int flags = fcntl(fd, F_GETFL, 0);
  if (flags >= 0) fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

void poll_now(std::span<Descriptor> descriptors) { poll_for(descriptors, {}); }

bool poll_for(std::span<Descriptor> descriptors, std::chrono::milliseconds timeout) {
  std::vector<pollfd> waiting;
  waiting.reserve(descriptors.size());
  for (const auto& descriptor : descriptors) {
    const int events = (descriptor.want_read ? POLLIN : 0) | (descriptor.want_write ? POLLOUT : 0);
    waiting.push_back({descriptor.fd, static_cast<short>(events), 0});
  }
  const auto size = static_cast<nfds_t>(waiting.size());
  if (::poll(waiting.data(), size, static_cast<int>(timeout.count())) <= 0) return false;
  constexpr int kEnded = POLLERR | POLLHUP | POLLNVAL;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    descriptors[i].can_read = (waiting[i].revents & (POLLIN | kEnded)) != 0;
    descriptors[i].can_write = (waiting[i].revents & (POLLOUT | kEnded)) != 0;
  }
  return true;
}

Transfer read_some(int fd, char* data, std::size_t size, std::size_t& count) {
  count = 0;
  const ssize_t got = ::read(fd, data, size);
  if (got > 0) {
    count = static_cast<std::size_t>(got);
    return Transfer::kDone;
  }
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    return Transfer::kWouldBlock;
  return Transfer::kClosed;
}

Transfer write_some(int fd, std::string_view bytes, std::size_t& count) {
  count = 0;
  const ssize_t put = ::write(fd, bytes.data(), bytes.size());
  if (put >= 0) {
    count = static_cast<std::size_t>(put);
    return Transfer::kDone;
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return Transfer::kWouldBlock;
  return Transfer::kClosed;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t count = 0;
    switch (write_some(fd, bytes, count)) {
      case Transfer::kDone:
        bytes.remove_prefix(count);
        break;
      case Transfer::kWouldBlock: {
        pollfd waiting{fd, POLLOUT, 0};
        ::poll(&waiting, 1, -1);
        break;
      }
      case Transfer::kClosed:
        return false;
    }
  }
  return true;
}

std::int64_t unix_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

namespace {

/// The write end of the pipe that carries signals into the loop; -1 while nothing listens.
volatile sig_atomic_t g_signal_pipe = -1;

extern "C" void on_signal(int number) {
  const int saved = errno;
  const char byte = static_cast<char>(number);
  [[maybe_unused]] const ssize_t put = ::write(g_signal_pipe, &byte, 1);
  errno = saved;
}

}  // namespace

struct Interrupts::Impl {
  int ends[2] = {-1, -1};
  struct sigaction old_interrupt {};
  struct sigaction old_terminate {};
  std::unique_ptr<Watcher> watcher;
};

Interrupts::Interrupts(Loop& loop, std::function<void(Interrupt)> on_interrupt)
    : impl_(std::make_unique<Impl>()) {
  if (::pipe(impl_->ends) != 0) return;
  for (const int fd : impl_->ends) {
    set_nonblocking(fd);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  impl_->watcher = std::make_unique<Watcher>(
      loop, impl_->ends[0], [fd = impl_->ends[0], callback = std::move(on_interrupt)] {
        char byte = 0;
        std::size_t count = 0;
        if (read_some(fd, &byte, 1, count) != Transfer::kDone) return;
        callback(byte == SIGTERM ? Interrupt::kTerminate : Interrupt::kByUser);
      });
  g_signal_pipe = impl_->ends[1];
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &impl_->old_interrupt);
  sigaction(SIGTERM, &action, &impl_->old_terminate);
}

Interrupts::~Interrupts() {
  if (!impl_->watcher) return;
  sigaction(SIGINT, &impl_->old_interrupt, nullptr);
  sigaction(SIGTERM, &impl_->old_terminate, nullptr);
  g_signal_pipe = -1;
  impl_->watcher.reset();
  ::close(impl_->ends[0]);
  ::close(impl_->ends[1]);
}

}  // namespace chatvim::loop
