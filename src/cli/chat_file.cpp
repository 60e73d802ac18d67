// SPDX-License-Identifier: Apache-2.0
#include "chat_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace chatvim::cli {

namespace fs = std::filesystem;

ChatFile::ChatFile(std::string path, std::string_view bytes)
    : path_(std::move(path)), line_break_("\n"), size_(bytes.size()), end_(bytes.size()) {
  const auto first = bytes.find('\n');
  if (first != std::string_view::npos && first > 0 && bytes[first - 1] == '\r')
    line_break_ = "\r\n";
  if (bytes.ends_with('\n')) {
    --end_;
    if (end_ > 0 && bytes[end_ - 1] == '\r') --end_;
  }
  tail_ = bytes.substr(end_);
}

void ChatFile::append_at(std::size_t offset, std::string_view bytes) {
  end_ = offset;
  tail_ = bytes.substr(offset);
}

Result<void> ChatFile::check_writable() const {
  std::error_code ignored;
  if (fs::exists(path_, ignored)) {
    errno = 0;
    if (std::fstream(path_, std::ios::binary | std::ios::in | std::ios::out)) return {};
  } else {
    const auto folder = fs::path(path_).parent_path();
    errno = ENOENT;
    if (folder.empty() || fs::is_directory(folder, ignored)) return {};
  }
  return tl::unexpected(Error{
      ErrorCode::kUnreadableFile,
      fmt::format("{} cannot be written: {}; nothing was sent.", path_, std::strerror(errno))});
}

Result<void> ChatFile::check_unchanged() const {
  std::error_code error;
  const auto size = fs::exists(path_, error) ? fs::file_size(path_, error) : 0;
  if (error) {
    return tl::unexpected(Error{ErrorCode::kUnreadableFile,
                                fmt::format("{} cannot be written: {}.", path_, error.message())});
  }
  // A change of the same size may have replaced the last line break.
  if (size == size_ && ends_as_known()) return {};
  return tl::unexpected(
      Error{ErrorCode::kUnreadableFile,
            fmt::format("{} has changed meanwhile: nothing more is written to it.", path_)});
}

bool ChatFile::ends_as_known() const {
  if (tail_.empty()) return true;
  std::ifstream stream(path_, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(end_));
  const std::string tail{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  return tail == tail_;
}

Result<void> ChatFile::append(std::string_view text) {
  const std::string bytes = with_line_breaks(text);
  if (auto written = write(bytes); !written) return written;
  end_ += bytes.size();
  tail_ = line_break_;
  return {};
}

Result<void> ChatFile::append_draft(std::string_view text) {
  const std::string bytes = with_line_breaks(text);
  if (auto written = write(bytes); !written) return written;
  tail_ = bytes + line_break_;
  return {};
}

/// Replaces what follows `end_` by the bytes and a line break.
Result<void> ChatFile::write(std::string_view bytes) {
  if (auto unchanged = check_unchanged(); !unchanged) return unchanged;
  if (!fs::exists(path_)) std::ofstream(path_, std::ios::binary);
  std::fstream stream(path_, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(end_));
  stream << bytes << line_break_;
  stream.flush();
  if (!stream) {
    return tl::unexpected(
        Error{ErrorCode::kUnreadableFile,
              fmt::format("{} cannot be written: {}.", path_, std::strerror(errno))});
  }
  stream.close();
  const std::size_t size = end_ + bytes.size() + line_break_.size();
  std::error_code ignored;
  if (size < size_) fs::resize_file(path_, size, ignored);
  size_ = size;
  return {};
}

std::string ChatFile::with_line_breaks(std::string_view text) const {
  std::string bytes;
  for (const char character : text) {
    if (character == '\n') {
      bytes += line_break_;
    } else {
      bytes += character;
    }
  }
  return bytes;
}

}  // namespace chatvim::cli
