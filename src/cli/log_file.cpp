// SPDX-License-Identifier: Apache-2.0
#include "log_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <system_error>

#include "chatvim/loop/system.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostLogBytes = 1024UL * 1024;
/// Limit of one line, which may repeat text from a server.
constexpr std::size_t kMostLineBytes = 4096;

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm fields{};
  std::array<char, 32> text{};
  localtime_r(&now, &fields);
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &fields)};
}

}  // namespace

LogFile::LogFile(const std::string& path) : path_(path), previous_(path) {
  previous_.replace_extension(".1" + path_.extension().string());
}

void LogFile::add(std::string_view line) const {
  if (path_.empty()) return;
  std::error_code ignored;
  const std::uintmax_t size = fs::file_size(path_, ignored);
  if (!ignored && size >= kMostLogBytes) fs::rename(path_, previous_, ignored);
  loop::append_private(path_.string(), fmt::format("[{}] {}\n", local_time(),
                                                   text::printable_name(line, kMostLineBytes)));
}

}  // namespace chatvim::cli
