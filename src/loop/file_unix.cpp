// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "chatvim/loop/system.hpp"

namespace chatvim::loop {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kOfOthers = S_IRWXG | S_IRWXO;

/// Returns the first `size` bytes of a file, or nothing if they cannot be read.
std::optional<std::string> read_all(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got =
        ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

bool is_regular_file(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode);
}

bool is_folder(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

bool make_private_folder(const std::string& path) {
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  if (::mkdir(path.c_str(), S_IRWXU) == 0) return true;
  struct stat found {};
  if (errno != EEXIST || ::stat(path.c_str(), &found) != 0) return false;
  if (!S_ISDIR(found.st_mode)) {
    errno = ENOTDIR;
    return false;
  }
  return (found.st_mode & kOfOthers) == 0 || ::chmod(path.c_str(), S_IRWXU) == 0;
}

std::optional<std::string> read_private(const std::string& path, std::size_t limit) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return std::nullopt;
  struct stat found {};
  std::optional<std::string> bytes;
  const bool known = ::fstat(fd, &found) == 0;
  const bool own = found.st_uid == ::geteuid() || found.st_uid == 0;
  if (known && S_ISREG(found.st_mode) && own && (found.st_mode & S_IWOTH) == 0 &&
      static_cast<std::uint64_t>(found.st_size) <= limit) {
    bytes = read_all(fd, static_cast<std::size_t>(found.st_size));
  }
  ::close(fd);
  if (!bytes) errno = EINVAL;
  return bytes;
}

bool append_private(const std::string& path, std::string_view text) {
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  const int fd = ::open(path.c_str(), kFlags, S_IRUSR | S_IWUSR);
  if (fd < 0) return false;
  std::size_t count = 0;
  const bool written = write_some(fd, text, count) == Transfer::kDone && count == text.size();
  ::close(fd);
  return written;
}

bool rename_file(const std::string& from, const std::string& to) {
  // Not rename(2), which would replace an existing file.
  return ::link(from.c_str(), to.c_str()) == 0 && ::unlink(from.c_str()) == 0;
}

LockedFile::LockedFile(LockedFile&& other) noexcept { *this = std::move(other); }

LockedFile& LockedFile::operator=(LockedFile&& other) noexcept {
  if (this == &other) return *this;
  if (fd_ >= 0) ::close(fd_);
  state_ = std::exchange(other.state_, State::kMissing);
  fd_ = std::exchange(other.fd_, -1);
  path_ = std::move(other.path_);
  problem_ = std::move(other.problem_);
  return *this;
}

LockedFile::~LockedFile() {
  if (fd_ >= 0) ::close(fd_);
}

LockedFile LockedFile::open(const std::string& path) { return open_with(path, 0); }

LockedFile LockedFile::create(const std::string& path) { return open_with(path, O_CREAT); }

LockedFile LockedFile::open_with(const std::string& path, int flags) {
  LockedFile file;
  file.path_ = path;
  const auto fail = [&file](const char* why) {
    file.state_ = State::kFailed;
    file.problem_ = why;
  };
  // Non-blocking: opening a pipe of that name would wait for its other end.
  file.fd_ =
      ::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | flags, S_IRUSR | S_IWUSR);
  if (file.fd_ < 0) {
    if (errno != ENOENT && errno != ENOTDIR)
      fail(errno == ELOOP ? "it is a symbolic link" : std::strerror(errno));
    return file;
  }
  struct stat found {};
  if (::fstat(file.fd_, &found) != 0 || !S_ISREG(found.st_mode)) {
    fail("it is not a regular file");
  } else if (::flock(file.fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    file.state_ = State::kTaken;
  } else if (!file.is_named(path)) {
    // Its owner removed it after we opened it.
    file.state_ = State::kMissing;
  } else {
    if ((found.st_mode & kOfOthers) != 0) ::fchmod(file.fd_, S_IRUSR | S_IWUSR);
    // If the file system does not support locks, assume that there is no other user.
    file.state_ = State::kOpen;
    return file;
  }
  ::close(std::exchange(file.fd_, -1));
  return file;
}

std::uint64_t LockedFile::size() const {
  struct stat found {};
  return ::fstat(fd_, &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::int64_t LockedFile::age() const {
  struct stat found {};
  return ::fstat(fd_, &found) == 0 ? ::time(nullptr) - found.st_mtime : 0;
}

std::optional<std::string> LockedFile::read(std::size_t limit) const {
  const std::uint64_t size = this->size();
  if (size > limit) return std::nullopt;
  return read_all(fd_, static_cast<std::size_t>(size));
}

bool LockedFile::write(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      problem_ = std::strerror(errno);
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return true;
}

bool LockedFile::truncate(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) == 0) return true;
  problem_ = std::strerror(errno);
  return false;
}

void LockedFile::remove(std::span<const std::string> names) {
  for (const std::string& name : names) {
    if (is_named(name)) ::unlink(name.c_str());
  }
}

bool LockedFile::move(std::span<const std::string> names, const std::string& to) {
  for (const std::string& name : names) {
    if (!is_named(name)) continue;
    if (!rename_file(name, to)) return false;
    path_ = to;
    return true;
  }
  return false;
}

bool LockedFile::is_named(const std::string& path) const {
  struct stat open {};
  struct stat named {};
  return ::fstat(fd_, &open) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

}  // namespace chatvim::loop
