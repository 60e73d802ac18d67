// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "folder.hpp"

namespace chatvim::editor {

namespace {

tl::unexpected<Error> unreadable(int number) {
  return tl::unexpected(Error{ErrorCode::kUnreadableFile, std::generic_category().message(number)});
}

std::int64_t nanoseconds(const struct stat& status) {
#ifdef __APPLE__
  const timespec& at = status.st_mtimespec;
#else
  const timespec& at = status.st_mtim;
#endif
  return static_cast<std::int64_t>(at.tv_sec) * 1'000'000'000 + at.tv_nsec;
}

}  // namespace

RegularFile::~RegularFile() { ::close(fd_); }

Result<std::size_t> RegularFile::read(std::string& bytes, std::size_t size) {
  const std::size_t before = bytes.size();
  bytes.resize(before + size);
  ssize_t count = 0;
  do {
    count = ::read(fd_, bytes.data() + before, size);
  } while (count < 0 && errno == EINTR);
  const int number = errno;
  bytes.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
  if (count < 0) return unreadable(number);
  return static_cast<std::size_t>(count);
}

struct Folder::Impl {
  DIR* stream;
};

Folder::Folder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Folder::~Folder() { ::closedir(impl_->stream); }

Result<std::unique_ptr<Folder>> Folder::open(const std::string& path) {
  DIR* stream = ::opendir(path.c_str());
  if (stream == nullptr) return unreadable(errno);
  return std::unique_ptr<Folder>(new Folder(std::make_unique<Impl>(Impl{stream})));
}

Result<std::optional<std::string>> Folder::next() {
  errno = 0;
  const dirent* entry = ::readdir(impl_->stream);
  if (entry != nullptr) return std::string(entry->d_name);
  if (errno != 0) return unreadable(errno);
  return std::nullopt;
}

Result<std::optional<std::int64_t>> Folder::modified(const std::string& name) const {
  struct stat status {};
  if (::fstatat(::dirfd(impl_->stream), name.c_str(), &status, 0) != 0) {
    if (errno == ENOENT) return std::nullopt;
    return unreadable(errno);
  }
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return nanoseconds(status);
}

Result<std::unique_ptr<RegularFile>> Folder::open_file(const std::string& name) const {
  // It may have become a FIFO since: opening one must not wait for its other end.
  const int fd = ::openat(::dirfd(impl_->stream), name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return unreadable(errno);
  auto file = std::make_unique<RegularFile>(fd);
  struct stat status {};
  if (::fstat(fd, &status) != 0) return unreadable(errno);
  if (!S_ISREG(status.st_mode)) return nullptr;
  return file;
}

}  // namespace chatvim::editor
