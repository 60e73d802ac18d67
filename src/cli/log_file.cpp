// SPDX-License-Identifier: Apache-2.0
#include "log_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <memory>
#include <system_error>

namespace chatvim::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostLogBytes = 1024UL * 1024;

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
  // "e": key commands must not inherit it.
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path_.c_str(), "ae"),
                                                             &std::fclose);
  if (!file) return;
  fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write, ignored);
  const std::string text = fmt::format("[{}] {}\n", local_time(), line);
  std::fwrite(text.data(), 1, text.size(), file.get());
}

}  // namespace chatvim::cli
