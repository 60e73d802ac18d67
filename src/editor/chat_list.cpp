// SPDX-License-Identifier: Apache-2.0
#include "chat_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <queue>
#include <tuple>
#include <utility>

#include "chat_glance.hpp"
#include "chatvim/text/search.hpp"
#include "chatvim/text/utf8.hpp"
#include "folder.hpp"

namespace chatvim::editor {

namespace {

/// Duration of one slice; an answer that streams meanwhile is delayed by no more.
constexpr std::chrono::milliseconds kSlice{3};
/// Bytes of a file that are searched in one step.
constexpr std::size_t kStepBytes = 256 * 1024;
/// Limit of chats in one message, which Neovim handles in well under a frame.
constexpr std::size_t kMostInMessage = 500;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kMostNameBytes = 400;

Error folder_error(const std::string& folder, const Error& reason) {
  return {reason.code,
          fmt::format("The chat folder {} cannot be read: {}; check the option chat_dir.",
                      text::printable_name(folder, kMostNameBytes), reason.message)};
}

}  // namespace

/// The reading of one folder: first its names and their ages, then the files, newest first. A
/// priority queue spreads out the work, because sorting a large folder at once would block the
/// loop.
class ChatList::Reading {
  /// A file, ordered by age.
  struct Candidate {
    std::int64_t modified;
    std::string name;
    /// The newest is the greatest; of two from the same moment, the one whose name contains a later
    /// time.
    bool operator<(const Candidate& other) const {
      return std::tie(modified, name) < std::tie(other.modified, other.name);
    }
  };

 public:
  Reading(Question question, std::unique_ptr<Folder> folder, Events& events)
      : question_(std::move(question)),
        folder_(std::move(folder)),
        search_(question_.text),
        events_(events) {}

  std::int64_t id() const { return question_.id; }

  /// Does a small part of the work. Returns false when all is done, and an error if the folder
  /// cannot be read.
  Result<bool> step() {
    if (!names_read_) return read_name();
    if (file_) {
      read_file();
      return true;
    }
    if (candidates_.empty()) return false;
    open_file();
    return true;
  }

  /// Returns the chats found since the last call.
  Json take_found() { return std::exchange(found_, Json::array()); }
  bool is_full() const { return found_.size() >= kMostInMessage; }

  Json end() const { return {{"count", count_}, {"limited", limited_}}; }

 private:
  Result<bool> read_name() {
    auto name = folder_->next();
    if (!name) return tl::unexpected(folder_error(question_.folder, name.error()));
    if (!*name) {
      names_read_ = true;
      return true;
    }
    if (!is_markdown_name(**name)) return true;
    limited_ = candidates_.size() >= kMostListedFiles;
    if (limited_) {
      names_read_ = true;
      return true;
    }
    const auto modified = folder_->modified(**name);
    if (!modified) {
      leave_out(**name, modified.error());
    } else if (*modified) {
      candidates_.push({**modified, std::move(**name)});
    }
    return true;
  }

  void open_file() {
    current_ = candidates_.top();
    candidates_.pop();
    auto file = folder_->open_file(current_.name);
    if (!file) return leave_out(current_.name, file.error());
    file_ = std::move(*file);
    bytes_.clear();
    searched_ = 0;
    glance_.reset();
  }

  /// Reads one part of the open file.
  void read_file() {
    const auto count = file_->read(bytes_, glance_ ? kStepBytes : kGlanceBytes - bytes_.size());
    if (!count) {
      leave_out(current_.name, count.error());
      return file_.reset();
    }
    if (!glance_) {
      // A read may return less than is available.
      if (*count > 0 && bytes_.size() < kGlanceBytes) return;
      glance_ = glance_at_chat(current_.name, bytes_, question_.format);
      if (!glance_->is_chat) return file_.reset();
    }
    if (search_.is_in(bytes_)) {
      add();
      return file_.reset();
    }
    searched_ += *count;
    if (*count == 0 || searched_ >= kMostSearchedBytes) return file_.reset();
    // Keep the end of this part, because the text may span two parts.
    bytes_.erase(0, bytes_.size() - std::min(bytes_.size(), search_.size() - 1));
  }

  void add() {
    ++count_;
    found_.push_back({{"name", current_.name},
                      {"time", current_.modified / kSecond},
                      {"title", glance_->title},
                      {"question", glance_->question},
                      {"line", glance_->line}});
  }

  void leave_out(const std::string& name, const Error& reason) {
    events_.log(fmt::format("{}/{} is left out of the list of chats: {}",
                            text::printable_name(question_.folder, kMostNameBytes),
                            text::printable_name(name, kMostNameBytes), reason.message));
  }

  Question question_;
  std::unique_ptr<Folder> folder_;
  text::Search search_;
  Events& events_;
  bool names_read_ = false;
  bool limited_ = false;
  std::priority_queue<Candidate> candidates_;
  Candidate current_{};
  std::unique_ptr<RegularFile> file_;  ///< the current file, while it is being read
  std::string bytes_;                  ///< the part of it that is being examined
  std::size_t searched_ = 0;
  std::optional<ChatGlance> glance_;
  Json found_ = Json::array();
  std::size_t count_ = 0;
};

ChatList::ChatList(loop::Loop& loop, Events events)
    : events_(std::move(events)), next_(loop, [this] { go_on(); }) {}

ChatList::~ChatList() = default;

void ChatList::read(Question question) {
  reading_.reset();
  next_.stop();
  auto folder = Folder::open(question.folder);
  if (!folder) {
    return events_.on_end(question.id,
                          tl::unexpected(folder_error(question.folder, folder.error())));
  }
  reading_ = std::make_unique<Reading>(std::move(question), std::move(*folder), events_);
  next_.start(loop::Duration::zero());
}

void ChatList::cancel(std::int64_t id) {
  if (!reading_ || reading_->id() != id) return;
  reading_.reset();
  next_.stop();
}

void ChatList::go_on() {
  const auto until = loop::Clock::now() + kSlice;
  Result<bool> more = true;
  while (more && *more && !reading_->is_full() && loop::Clock::now() < until) {
    more = reading_->step();
  }
  const std::int64_t id = reading_->id();
  Json found = reading_->take_found();
  if (!found.empty()) events_.on_chats(id, std::move(found));
  if (more && *more) return next_.start(loop::Duration::zero());
  const auto end = more.map([this](bool) { return reading_->end(); });
  reading_.reset();
  events_.on_end(id, end);
}

}  // namespace chatvim::editor
