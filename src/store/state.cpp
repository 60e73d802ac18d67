// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/state.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <span>
#include <system_error>
#include <thread>

#include "chatvim/loop/system.hpp"

namespace chatvim::store {

namespace fs = std::filesystem;
using Lock = loop::LockedFile;

namespace {

constexpr std::uintmax_t kMostStateBytes = 1024UL * 1024;
/// How long to wait for the lock. A change takes a millisecond, so a longer wait means that the
/// other process is stopped.
constexpr std::chrono::milliseconds kLockWait{2000};
constexpr std::chrono::milliseconds kLockInterval{2};

/// Returns the object in a file, or nothing if the file is damaged.
std::optional<Json> read_object(const std::string& path) {
  const auto bytes = loop::read_private(path, kMostStateBytes);
  if (!bytes) {
    return errno == ENOENT || errno == ENOTDIR ? std::optional<Json>(Json::object()) : std::nullopt;
  }
  Json json = Json::parse(*bytes, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

tl::unexpected<Error> unwritable(const std::string& path, const std::string& why) {
  return tl::unexpected(
      Error{ErrorCode::kUnreadableFile, fmt::format("{} cannot be written: {}.", path, why)});
}

/// Locks a state file. The lock is a separate file, because the state file itself gets replaced.
Lock lock_of(const std::string& path) {
  const auto end = std::chrono::steady_clock::now() + kLockWait;
  for (;;) {
    Lock lock = Lock::create(path + ".lock");
    const bool wait = lock.state() == Lock::State::kTaken || lock.state() == Lock::State::kMissing;
    if (!wait || std::chrono::steady_clock::now() > end) return lock;
    std::this_thread::sleep_for(kLockInterval);
  }
}

}  // namespace

std::string state_folder(const Environment& environment) {
  if (const auto folder = environment("XDG_STATE_HOME"); folder && folder->starts_with('/'))
    return *folder + "/chatvim";
  if (const auto home = environment("HOME"); home && home->starts_with('/'))
    return *home + "/.local/state/chatvim";
  return {};
}

Result<void> check_state(const std::string& path) {
  if (read_object(path)) return {};
  return tl::unexpected(
      Error{ErrorCode::kUnreadableFile,
            fmt::format("Repair or remove {}, which cannot be read; nothing was changed.", path)});
}

Json read_state(const std::string& path) { return read_object(path).value_or(Json::object()); }

Result<void> write_private(const std::string& path, std::string_view bytes) {
  if (!loop::make_private_folder(fs::path(path).parent_path().string())) {
    return unwritable(path, std::strerror(errno));
  }
  // Two processes may write at once, so each writes to its own temporary file first.
  const std::string draft = fmt::format("{}.{:08x}", path, std::random_device{}());
  {
    Lock file = Lock::create(draft);
    if (file.state() != Lock::State::kOpen) return unwritable(path, file.problem());
    if (!file.write(0, bytes)) {
      file.remove(std::span(&draft, 1));
      return unwritable(path, file.problem());
    }
  }
  std::error_code error;
  fs::rename(draft, path, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(draft, ignored);
  return unwritable(path, error.message());
}

Result<void> change_state(const std::string& path, const std::function<void(Json&)>& change,
                          Damaged damaged) {
  if (!loop::make_private_folder(fs::path(path).parent_path().string())) {
    return unwritable(path, std::strerror(errno));
  }
  const Lock lock = lock_of(path);
  if (lock.state() == Lock::State::kTaken) {
    return unwritable(path, "another process holds its lock");
  }
  if (lock.state() != Lock::State::kOpen) return unwritable(path, lock.problem());
  auto state = read_object(path);
  if (!state && damaged == Damaged::kRefused) return check_state(path);
  if (!state) {
    std::error_code ignored;
    fs::rename(path, path + ".bad", ignored);
    state = Json::object();
  }
  change(*state);
  const std::string text = state->dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  // It could not be read again.
  if (text.size() > kMostStateBytes) return unwritable(path, "it would be larger than 1 MiB");
  return write_private(path, text);
}

}  // namespace chatvim::store
