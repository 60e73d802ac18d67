// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/state.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <system_error>

namespace chatvim::completion {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMostStateBytes = 1024UL * 1024;

/// The object in a file; nothing where the file is damaged.
std::optional<Json> read_object(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return Json::object();
  if (!fs::is_regular_file(status) || fs::file_size(path, error) > kMostStateBytes)
    return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  Json json = Json::parse(bytes, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

tl::unexpected<Error> unwritable(const std::string& path, const std::string& why) {
  return tl::unexpected(
      Error{ErrorCode::kUnreadableFile, fmt::format("{} cannot be written: {}.", path, why)});
}

}  // namespace

std::string state_folder(const provider::Environment& environment) {
  if (const auto folder = environment("XDG_STATE_HOME"); folder && !folder->empty())
    return *folder + "/chatvim";
  if (const auto home = environment("HOME"); home && !home->empty())
    return *home + "/.local/state/chatvim";
  return {};
}

Json read_state(const std::string& path) { return read_object(path).value_or(Json::object()); }

Result<void> write_state(const std::string& path, const Json& state) {
  const fs::path folder = fs::path(path).parent_path();
  std::error_code error;
  if (fs::create_directories(folder, error)) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (error) return unwritable(folder.string(), error.message());
  if (!read_object(path)) fs::rename(path, path + ".bad", error);
  // Two programs may write at once: each has a file of its own until it is whole.
  const std::string draft = fmt::format("{}.{:08x}", path, std::random_device{}());
  {
    std::ofstream stream(draft, std::ios::binary);
    fs::permissions(draft, fs::perms::owner_read | fs::perms::owner_write, error);
    stream << state.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
    stream.flush();
    if (!stream) {
      fs::remove(draft, error);
      return unwritable(path, "no file can be made there, or the disk is full");
    }
  }
  fs::rename(draft, path, error);
  if (error) return unwritable(path, error.message());
  return {};
}

}  // namespace chatvim::completion
