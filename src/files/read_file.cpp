// SPDX-License-Identifier: Apache-2.0
#include "chatvim/files/read_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace chatvim::files {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMostBytes = 512ULL * 1024 * 1024;

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const auto unreadable = [&path](const std::string& why) {
    return tl::unexpected(
        Error{ErrorCode::kUnreadableFile, fmt::format("{} cannot be read: {}.", path, why)});
  };
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return unreadable("there is no such file");
  if (error) return unreadable(error.message());
  if (fs::is_directory(status)) return unreadable("it is a directory; name a markdown file");
  if (!fs::is_regular_file(status)) return unreadable("it is not a regular file");
  if (fs::file_size(path, error) > kMostBytes) return unreadable("it is larger than 512 MiB");
  // A stream of the library throws when a disk fails, and without the file's name.
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return unreadable(std::strerror(errno));
  std::string bytes;
  std::array<char, std::size_t{64} * 1024> piece{};
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file.get()))
    bytes.append(piece.data(), count);
  if (std::ferror(file.get()) != 0) return unreadable(std::strerror(errno));
  return bytes;
}

}  // namespace chatvim::files
