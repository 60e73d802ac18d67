// SPDX-License-Identifier: Apache-2.0
#include "recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "chatvim/chat/model_choice.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/store/journal.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::editor {

namespace {

using State = loop::LockedFile::State;

/// A journal that nobody writes, and its file.
struct Found {
  loop::LockedFile file;
  store::JournalContents contents;
};

Error unreadable(const std::string& path, const std::string& why) {
  return {ErrorCode::kBadJournal, fmt::format("The journal {} cannot be read: {}.", path, why)};
}

Result<store::JournalContents> read(const loop::LockedFile& file) {
  if (file.state() == State::kFailed)
    return tl::unexpected(unreadable(file.path(), file.problem()));
  const auto bytes = file.read(store::kMostJournalBytes);
  if (!bytes) return tl::unexpected(unreadable(file.path(), "it is larger than 64 MiB"));
  auto contents = store::parse_journal(*bytes);
  if (!contents) return tl::unexpected(unreadable(file.path(), contents.error().message));
  if (contents->time == 0) contents->time = std::time(nullptr) - file.age();
  return contents;
}

/// The newest of a chat's journals; with `fresh`, of those that were not offered.
Result<Found> newest(const std::string& journal, bool fresh) {
  std::optional<Found> best;
  Error error{ErrorCode::kNoJournal, "There is nothing to recover in this chat."};
  for (const auto& name : store::journal_names(journal)) {
    auto file = loop::LockedFile::open(name);
    if (file.state() == State::kMissing) continue;
    if (file.state() == State::kTaken) {
      error.message =
          "There is nothing to recover in this chat yet: its answer is still being written.";
      continue;
    }
    auto contents = read(file);
    if (!contents) {
      error = contents.error();
    } else if ((!fresh || !contents->offered) && (!best || contents->time > best->contents.time)) {
      best = Found{std::move(file), std::move(*contents)};
    }
  }
  if (!best) return tl::unexpected(error);
  return std::move(*best);
}

std::size_t line_of(std::string_view document, std::size_t offset) {
  return static_cast<std::size_t>(
      std::count(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

std::vector<std::string> split(std::string_view text) {
  const auto lines = text::split_buffer(text);
  return {lines.begin(), lines.end()};
}

/// An edit of bytes as one of lines. Lines that are only added touch no other.
chat::LineEdit by_lines(std::string_view document, const document::Restoration& edit) {
  const std::size_t row = line_of(document, edit.offset);
  if (edit.text.empty() && edit.removed == 0) return {row, row, {}};
  const std::size_t end = edit.offset + edit.removed;
  const bool at_line_end = end == document.size() || document[end] == '\n';
  if (edit.removed == 0 && at_line_end && edit.text.front() == '\n') {
    return {row + 1, row + 1, split(std::string_view(edit.text).substr(1))};
  }
  const std::string_view before = document.substr(0, edit.offset);
  const std::string_view after = document.substr(end);
  std::string text(before.substr(before.rfind('\n') + 1));
  text += edit.text;
  text += after.substr(0, after.find('\n'));
  return {row, line_of(document, end) + 1, split(text)};
}

}  // namespace

Result<Json> offer_journal(const std::string& journal, std::string_view document) {
  auto found = newest(journal, true);
  if (!found) return tl::unexpected(found.error());
  const auto& answer = found->contents.answer;
  const auto missing = document::restore(document, answer);
  if (missing.text.empty() && missing.removed == 0) {
    return tl::unexpected(Error{ErrorCode::kNoJournal, "Nothing is missing here."});
  }
  found->file.write(store::kJournalMagic.size(), std::string_view(&store::kOffered, 1));
  return Json{{"characters", document::count_answer(answer)},
              {"time", found->contents.time},
              {"whole", found->contents.whole}};
}

std::optional<std::size_t> find_journalled(std::string_view journal, std::string_view document) {
  const auto contents = store::parse_journal(journal);
  return contents ? document::find_question(document, contents->answer) : std::nullopt;
}

Result<Json> recover_journal(const std::string& journal, std::string_view document) {
  const auto found = newest(journal, false);
  if (!found) return tl::unexpected(found.error());
  const auto& answer = found->contents.answer;
  const auto edit = by_lines(document, document::restore(document, answer));
  return Json{{"first", edit.first},          {"last", edit.last},
              {"lines", edit.lines},          {"characters", document::count_answer(answer)},
              {"time", found->contents.time}, {"journal", found->file.path()}};
}

void discard_journal(const std::string& journal) {
  auto file = loop::LockedFile::open(journal);
  if (file.state() != State::kOpen) return;
  const auto bytes = file.read(store::kMostJournalBytes);
  if (!bytes || !bytes->starts_with(store::kJournalMagic)) return;
  file.remove(std::span(&journal, 1));
  // Another of the same chat may be waiting behind it.
  store::close_gap(journal);
}

}  // namespace chatvim::editor
