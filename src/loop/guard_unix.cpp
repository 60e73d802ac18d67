// SPDX-License-Identifier: Apache-2.0
#include "guard_unix.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "chatvim/loop/system.hpp"
#include "descriptors_unix.hpp"

namespace chatvim::loop {

namespace {

/// A message to the guard: a group to add, or, if negative, one to remove. Smaller than PIPE_BUF,
/// so that writes of several processes do not mix.
using Order = pid_t;

constexpr std::size_t kMostGroups = 256;
constexpr int kLookMilliseconds = 20;
constexpr int kLooksBeforeKill = 25;

pid_t g_guard = -1;
int g_guard_pipe = -1;
std::vector<pid_t>& guarded() {
  static std::vector<pid_t> groups;
  return groups;
}

/// What the guard does; only async-signal-safe functions, because it is never executed anew.
class Guard {
 public:
  explicit Guard(int pipe) : pipe_(pipe) {}

  [[noreturn]] void run() {
    while (read_order()) {
    }
    signal_all(SIGTERM);
    for (int i = 0; i < kLooksBeforeKill && any_left(); ++i) ::poll(nullptr, 0, kLookMilliseconds);
    signal_all(SIGKILL);
    ::_exit(0);
  }

 private:
  bool read_order() {
    Order order = 0;
    const ssize_t got = ::read(pipe_, &order, sizeof order);
    if (got < 0 && errno == EINTR) return true;
    if (got != sizeof order) return false;
    if (order > 0) {
      if (size_ < kMostGroups) groups_[size_++] = order;
      return true;
    }
    for (std::size_t i = 0; i < size_; ++i) {
      if (groups_[i] == -order) groups_[i] = groups_[--size_];
    }
    return true;
  }

  void signal_all(int number) const {
    for (std::size_t i = 0; i < size_; ++i) ::kill(-groups_[i], number);
  }

  bool any_left() const {
    for (std::size_t i = 0; i < size_; ++i) {
      if (::kill(-groups_[i], 0) == 0) return true;
    }
    return false;
  }

  int pipe_;
  std::array<pid_t, kMostGroups> groups_{};
  std::size_t size_ = 0;
};

std::vector<int> open_descriptors() {
  std::vector<int> open;
  DIR* const folder = ::opendir("/dev/fd");
  if (folder == nullptr) return open;
  const int own = ::dirfd(folder);
  while (const dirent* entry = ::readdir(folder)) {
    const int fd = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && fd != own) open.push_back(fd);
  }
  ::closedir(folder);
  return open;
}

}  // namespace

int start_guard() {
  if (g_guard_pipe >= 0) {
    if (::waitpid(g_guard, nullptr, WNOHANG) == 0) return g_guard_pipe;
    Pipe::close_end(g_guard_pipe);
  }
  ignore_broken_pipes();
  Pipe pipe;
  if (!pipe.open()) return -1;
  const std::vector<int> inherited = open_descriptors();
  // The guard keeps all signals blocked, so that only SIGKILL ends it.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  g_guard = ::fork();
  if (g_guard == 0) {
    ::setsid();  // the terminal's signals do not reach it
    for (const int fd : inherited) {
      if (fd != pipe.read_end) ::close(fd);
    }
    if (::chdir("/") != 0) ::_exit(1);
    Guard(pipe.read_end).run();
  }
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (g_guard < 0) return -1;
  g_guard_pipe = pipe.write_end;
  pipe.write_end = -1;
  set_nonblocking(g_guard_pipe);
  for (const pid_t group : guarded()) guard_group(g_guard_pipe, group);
  return g_guard_pipe;
}

bool guard_group(int guard, pid_t group) {
  const Order order = group;
  return ::write(guard, &order, sizeof order) == sizeof order;
}

void forget_group(pid_t group) {
  std::erase(guarded(), group);
  const Order order = -group;
  [[maybe_unused]] const ssize_t put = ::write(g_guard_pipe, &order, sizeof order);
}

void remember_group(pid_t group) { guarded().push_back(group); }

}  // namespace chatvim::loop
