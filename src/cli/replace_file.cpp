// SPDX-License-Identifier: Apache-2.0
#include "replace_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "chatvim/loop/terminal.hpp"

namespace chatvim::cli {

namespace {

namespace fs = std::filesystem;

Result<void> cannot_write(const std::string& path, const std::string& why) {
  return tl::unexpected(
      Error{ErrorCode::kUnreadableFile, fmt::format("{} cannot be written: {}.", path, why)});
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view bytes) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return cannot_write(path, error.message());
  // A file that is read-only must not be replaced because its folder can be written.
  errno = 0;
  if (!std::fstream(real, std::ios::binary | std::ios::in | std::ios::out)) {
    return cannot_write(path, std::strerror(errno));
  }
  // A new file that only the user can read: the folder may be somebody else's.
  const auto draft = loop::make_temporary_file(real.parent_path().string(), ".md");
  if (!draft) return cannot_write(path, std::strerror(errno));
  std::ofstream stream(*draft, std::ios::binary | std::ios::trunc);
  stream << bytes;
  stream.close();
  if (!stream) error = std::error_code(errno, std::generic_category());
  if (!error) fs::permissions(*draft, fs::status(real).permissions(), error);
  if (!error) fs::rename(*draft, real, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(*draft, ignored);
  return cannot_write(path, error.message());
}

}  // namespace chatvim::cli
