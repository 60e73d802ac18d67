// SPDX-License-Identifier: Apache-2.0
#include "new_chat.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <system_error>

namespace chatvim::cli {

namespace {

namespace fs = std::filesystem;

std::string now_for_name() {
  const std::time_t now = std::time(nullptr);
  std::tm fields{};
  std::array<char, 32> text{};
  localtime_r(&now, &fields);
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d-%H-%M-%S", &fields)};
}

}  // namespace

std::string new_chat_name(const std::string& folder) {
  const std::string stem = "chat-" + now_for_name();
  std::string name = stem + ".md";
  std::error_code ignored;
  for (int number = 2; fs::exists(fs::symlink_status(fs::path(folder) / name, ignored)); ++number) {
    name = fmt::format("{}-{}.md", stem, number);
  }
  return name;
}

}  // namespace chatvim::cli
