// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/journal.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace chatvim::store {

namespace fs = std::filesystem;
using State = loop::LockedFile::State;

namespace {

/// How long text waits for more before it is written.
constexpr std::chrono::milliseconds kDelay{180};
constexpr int kMostNames = 9;
constexpr std::int64_t kKeptSeconds = 30LL * 24 * 60 * 60;
constexpr std::string_view kExtension = ".journal";

/// Returns the first of a chat's journal names, given any of them.
std::string first_name(const std::string& name) {
  const auto at = name.rfind(kExtension);
  return at == std::string::npos ? name : name.substr(0, at + kExtension.size());
}

/// Removes journals older than `kKeptSeconds`.
void clean(const fs::path& folder) {
  std::error_code error;
  std::vector<std::string> old;
  for (auto entry = fs::directory_iterator(folder, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.find(kExtension) == std::string::npos) continue;
    std::error_code ignored;
    const auto age = fs::file_time_type::clock::now() - entry->last_write_time(ignored);
    if (!ignored && age > std::chrono::seconds(kKeptSeconds)) old.push_back(entry->path().string());
  }
  for (const auto& name : old) {
    auto file = loop::LockedFile::open(name);
    if (file.state() != State::kOpen) continue;
    file.remove(std::span(&name, 1));
    close_gap(name);
  }
}

}  // namespace

std::vector<std::string> journal_names(const std::string& path) {
  std::vector<std::string> names{path};
  for (int i = 2; i <= kMostNames; ++i) names.push_back(path + "." + std::to_string(i));
  return names;
}

void close_gap(const std::string& name) {
  const auto names = journal_names(first_name(name));
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (loop::rename_file(names[i], names[0])) return;
  }
}

Journal::Journal(Parts parts, std::string path, const JournalHeader& header)
    : parts_(std::move(parts)),
      path_(std::move(path)),
      named_(!header.file.empty()),
      pending_(encode_header(header)),
      timer_(parts_.loop, [this] { write(); }) {
  timer_.start(kDelay);
}

Journal::~Journal() { write(); }

void Journal::add(std::string_view text) {
  if (over_ || text.empty()) return;
  any_text_ = true;
  pending_ += text;
  write_soon();
}

void Journal::save() {
  any_text_ = true;
  write();
}

void Journal::write_soon() {
  if (!over_ && !timer_.active()) timer_.start(kDelay);
}

void Journal::finish() {
  whole_ = true;
  write_soon();
}

void Journal::move(const std::string& path, bool named) {
  named_ = named;
  const std::string before = std::exchange(path_, path);
  if (path == before || file_.state() != State::kOpen) return;
  const auto old_names = journal_names(before);
  for (const auto& name : journal_names(path)) {
    if (file_.move(old_names, name)) break;
  }
  close_gap(before);
}

void Journal::seal() {
  write();
  over_ = true;
}

void Journal::offer(bool offered) {
  if (file_.state() != State::kOpen) return;
  file_.write(kJournalMagic.size(), std::string_view(offered ? &kFresh : &kOffered, 1));
}

std::optional<std::string> Journal::read() const {
  if (file_.state() != State::kOpen) return std::nullopt;
  return file_.read(kMostJournalBytes);
}

void Journal::remove() {
  timer_.stop();
  over_ = true;
  if (file_.state() != State::kOpen) return;
  file_.remove(journal_names(path_));
  close_gap(path_);
}

void Journal::write() {
  timer_.stop();
  if (over_ || (file_.state() != State::kOpen && !open())) return;
  const std::string ending = parts_.ending();
  const std::string bytes =
      pending_ + ending + encode_footer({ending.size(), loop::unix_time(), whole_});
  const std::uint64_t size = end_ + bytes.size();
  if (size > kMostJournalBytes) return fail("it would be larger than 64 MiB");
  // The rest of a longer ending must not remain after a shorter one.
  if (size < size_ && !file_.truncate(end_)) return fail(file_.problem());
  if (!file_.write(end_, bytes)) return fail(file_.problem());
  end_ += pending_.size();
  size_ = size;
  pending_ = {};
}

bool Journal::open() {
  const fs::path folder = fs::path(path_).parent_path();
  if (!loop::make_private_folder(folder.string())) {
    fail(std::strerror(errno));
    return false;
  }
  clean(folder);
  auto file = choose();
  if (!file) return false;
  if (!file->truncate(0)) {
    fail(file->problem());
    return false;
  }
  file_ = std::move(*file);
  return true;
}

/// Creates and locks a journal file. A chat with a file takes the first name that no process has
/// locked. Chats without a file share their names, so they prefer an unused name, else take the
/// oldest leftover.
std::optional<loop::LockedFile> Journal::choose() {
  std::optional<loop::LockedFile> oldest;
  for (const auto& name : journal_names(path_)) {
    auto file = loop::LockedFile::create(name);
    if (file.state() == State::kFailed) {
      fail(file.problem());
      return std::nullopt;
    }
    if (file.state() != State::kOpen) continue;
    if (file.size() == 0) return file;
    if (!oldest || (!named_ && file.age() > oldest->age())) oldest = std::move(file);
    if (named_) break;
  }
  if (!oldest) fail("too many answers to this file are being written");
  // Do not overwrite a journal for an answer without text.
  return any_text_ ? std::move(oldest) : std::nullopt;
}

void Journal::fail(const std::string& why) {
  over_ = true;
  timer_.stop();
  pending_ = {};
  if (auto told = std::exchange(parts_.on_failure, nullptr)) told(why);
}

}  // namespace chatvim::store
