// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>

#include "chatvim/files/files.hpp"

namespace chatvim::files {
namespace {

/// Bytes per read beyond the size that the file system reports.
constexpr std::size_t kProbe = 16U << 10U;

tl::unexpected<Error> unreadable(int number) {
  std::string why;
  switch (number) {
    case EACCES:
    case EPERM:
      why = "you do not have permission to read it";
      break;
    case ELOOP:
      why = "its symbolic links form a loop";
      break;
    case ENAMETOOLONG:
      why = "its name is too long";
      break;
    case ENOENT:
    case ENOTDIR:
      why = "there is no such file";
      break;
    default:
      why = fmt::format("it cannot be read ({})", std::generic_category().message(number));
  }
  return tl::unexpected(Error{ErrorCode::kUnreadableFile, std::move(why)});
}

/// The same for a path that contained no links when it was resolved.
tl::unexpected<Error> unopened(int number) {
  if (number != ELOOP) return unreadable(number);
  return tl::unexpected(
      Error{ErrorCode::kUnreadableFile, "a link replaced it while it was being read"});
}

/// Closes its descriptor when destroyed.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

#if defined(SYS_openat2)
/// The argument of openat2(2), which older headers lack, and its flag that forbids links.
struct HowToOpen {
  std::uint64_t flags;
  std::uint64_t mode;
  std::uint64_t resolve;
};
constexpr std::uint64_t kNoLinks = 0x04;
#endif

/// Whether a descriptor refers to the file at that path, according to the system.
bool is_at(int fd, const std::string& path) {
#if defined(F_GETPATH)
  std::array<char, PATH_MAX> real{};
  return ::fcntl(fd, F_GETPATH, real.data()) == 0 && path == real.data();
#else
  std::array<char, PATH_MAX> real{};
  const std::string link = fmt::format("/proc/self/fd/{}", fd);
  const ssize_t size = ::readlink(link.c_str(), real.data(), real.size());
  return size >= 0 && path == std::string_view(real.data(), static_cast<std::size_t>(size));
#endif
}

/// Opens a path that was resolved and checked. Fails if somebody has put a link into it since then,
/// even in place of a parent folder.
int open_resolved(const std::string& path, int flags) {
  flags |= O_CLOEXEC | O_NOFOLLOW;
#if defined(SYS_openat2)
  const HowToOpen how{static_cast<std::uint64_t>(flags), 0, kNoLinks};
  const auto opened = ::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how);
  // Kernels before 5.6 lack the call, and a sandbox may reject it.
  if (opened >= 0 || (errno != ENOSYS && errno != EPERM && errno != EINVAL)) {
    return static_cast<int>(opened);
  }
#endif
  const int fd = ::open(path.c_str(), flags);
  if (fd < 0 || is_at(fd, path)) return fd;
  ::close(fd);
  errno = ELOOP;
  return -1;
}

/// Reads at most `size` bytes; 0 at the end of the file.
Result<std::size_t> read_some(int fd, char* data, std::size_t size) {
  ssize_t count = 0;
  do {
    count = ::read(fd, data, size);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return unreadable(errno);
  return static_cast<std::size_t>(count);
}

/// Reads up to `most` bytes, whatever size the file system reports: that is 0 for files in /proc,
/// and a file can grow meanwhile. Uses no more memory than the file needs.
Result<std::string> read_bytes(int fd, std::uint64_t most, std::uint64_t likely) {
  std::string bytes(static_cast<std::size_t>(std::min(most, likely)), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = read_some(fd, bytes.data() + done, bytes.size() - done);
    if (!count) return tl::unexpected(count.error());
    if (*count == 0) break;
    done += *count;
  }
  if (done < bytes.size()) {
    bytes.resize(done);
    bytes.shrink_to_fit();
    return bytes;
  }
  std::array<char, kProbe> probe{};
  while (bytes.size() < most) {
    const std::size_t room = std::min<std::uint64_t>(probe.size(), most - bytes.size());
    const auto count = read_some(fd, probe.data(), room);
    if (!count) return tl::unexpected(count.error());
    if (*count == 0) break;
    bytes.append(probe.data(), *count);
  }
  return bytes;
}

Name name_of_entry(int folder, const dirent& entry) {
  Name name{entry.d_name};
  unsigned char type = entry.d_type;
  if (type == DT_UNKNOWN) {
    // Some file systems do not report the type.
    struct stat status {};
    const bool known = ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (known && S_ISDIR(status.st_mode)) type = DT_DIR;
    if (known && S_ISLNK(status.st_mode)) type = DT_LNK;
  }
  name.is_folder = type == DT_DIR;
  name.is_link = type == DT_LNK;
  return name;
}

class SystemFiles final : public Files {
 public:
  Result<Entry> look(const std::string& path) const override {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return Entry{};
      return unreadable(errno);
    }
    const bool is_shared = (status.st_mode & S_IWOTH) != 0;
    if (S_ISREG(status.st_mode)) {
      return Entry{Entry::Kind::kFile, static_cast<std::uint64_t>(status.st_size), is_shared};
    }
    return Entry{S_ISDIR(status.st_mode) ? Entry::Kind::kFolder : Entry::Kind::kOther, 0,
                 is_shared};
  }

  Result<std::string> resolve(const std::string& path) const override {
    const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr),
                                                               &std::free);
    if (!resolved) return unreadable(errno);
    return std::string(resolved.get());
  }

  Result<std::string> read(const std::string& path, std::uint64_t most) const override {
    return read_part(path, 0, most);
  }

  Result<std::string> read_part(const std::string& path, std::uint64_t offset,
                                std::uint64_t most) const override {
    // Opening a FIFO must not wait for a writer, and a terminal must not become our controlling
    // one.
    const Descriptor file(open_resolved(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0) {
      if (errno == ENXIO) return irregular();
      return unopened(errno);
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return unreadable(errno);
    if (!S_ISREG(status.st_mode)) return irregular();
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (offset > 0 && ::lseek(file.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
      return unreadable(errno);
    }
    return read_bytes(file.get(), most, size > offset ? size - offset : 0);
  }

  Result<std::vector<Name>> list(const std::string& path, std::size_t most) const override {
    const int fd = open_resolved(path, O_RDONLY | O_DIRECTORY);
    if (fd < 0) return unopened(errno);
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(fd), &::closedir);
    if (!folder) {
      const int number = errno;
      ::close(fd);
      return unreadable(number);
    }
    std::vector<Name> names;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(folder.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (names.size() == most) {
        return tl::unexpected(Error{ErrorCode::kTooLarge, "it has too many entries"});
      }
      names.push_back(name_of_entry(::dirfd(folder.get()), *entry));
    }
    if (errno != 0) return unreadable(errno);
    std::sort(names.begin(), names.end(),
              [](const Name& a, const Name& b) { return a.name < b.name; });
    return names;
  }

 private:
  static tl::unexpected<Error> irregular() {
    return tl::unexpected(Error{ErrorCode::kUnreadableFile,
                                "it is a device, a pipe or a socket, which are never read"});
  }
};

}  // namespace

Result<std::string> Files::read_part(const std::string& path, std::uint64_t offset,
                                     std::uint64_t most) const {
  auto bytes = read(path, offset + most);
  if (bytes) bytes->erase(0, std::min<std::uint64_t>(offset, bytes->size()));
  return bytes;
}

const Files& system_files() {
  static const SystemFiles files;
  return files;
}

}  // namespace chatvim::files
