// SPDX-License-Identifier: Apache-2.0
#include "descriptors_unix.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace chatvim::loop {

namespace {

/// A child inherits only our standard input, output and error.
constexpr int kFirstOwn = 3;

}  // namespace

Pipe::~Pipe() {
  close_end(read_end);
  close_end(write_end);
}

bool Pipe::open() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe(ends.data()) != 0) return false;
  read_end = ends[0];
  write_end = ends[1];
  for (const int fd : ends) fcntl(fd, F_SETFD, FD_CLOEXEC);
  return true;
}

void Pipe::close_end(int& end) {
  if (end >= 0) ::close(end);
  end = -1;
}

void keep_descriptors() {
#if defined(SYS_close_range)
  constexpr unsigned kCloseOnExec = 1U << 2U;
  if (::syscall(SYS_close_range, static_cast<unsigned>(kFirstOwn), ~0U, kCloseOnExec) == 0) return;
#endif
  DIR* const folder = ::opendir("/dev/fd");
  if (folder == nullptr) return;
  while (const dirent* entry = ::readdir(folder)) {
    const int fd = std::atoi(entry->d_name);
    if (fd >= kFirstOwn) fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  ::closedir(folder);
}

}  // namespace chatvim::loop
