// SPDX-License-Identifier: Apache-2.0
#include "chatvim/terminal/history.hpp"

#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::terminal {

namespace {

constexpr std::size_t kMostEntries = 1000;
constexpr std::size_t kMostBytes = 1024UL * 1024;
constexpr std::size_t kMostEntryBytes = 64UL * 1024;

std::string escape(std::string_view entry) {
  std::string out;
  for (const char character : entry) {
    if (character == '\\') {
      out += "\\\\";
    } else if (character == '\n') {
      out += "\\n";
    } else {
      out += character;
    }
  }
  return out;
}

std::string unescape(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      ++i;
      out += line[i] == 'n' ? '\n' : line[i];
    } else {
      out += line[i];
    }
  }
  return out;
}

}  // namespace

void History::add(std::string_view entry) {
  leave();
  if (text::is_blank(entry)) return;
  if (!entries_.empty() && entries_.back() == entry) return;
  entries_.emplace_back(entry);
  if (entries_.size() > kMostEntries) entries_.erase(entries_.begin());
}

std::optional<std::string> History::older(std::string_view draft) {
  if (!at_) draft_ = draft;
  for (std::size_t i = at_.value_or(entries_.size()); i > 0; --i) {
    if (!entries_[i - 1].starts_with(draft_)) continue;
    at_ = i - 1;
    return entries_[i - 1];
  }
  return std::nullopt;
}

std::optional<std::string> History::newer() {
  if (!at_) return std::nullopt;
  for (std::size_t i = *at_ + 1; i < entries_.size(); ++i) {
    if (!entries_[i].starts_with(draft_)) continue;
    at_ = i;
    return entries_[i];
  }
  at_.reset();
  return draft_;
}

History read_history(std::string_view file) {
  History history;
  for (const std::string_view line : text::split_file(file)) {
    if (!text::find_invalid_utf8(line)) history.add(unescape(line));
  }
  return history;
}

std::string write_history(const History& history) {
  std::string out;
  const auto& entries = history.entries();
  std::size_t first = entries.size();
  for (std::size_t bytes = 0; first > 0; --first) {
    const std::size_t size = escape(entries[first - 1]).size() + 1;
    if (size <= kMostEntryBytes) bytes += size;
    if (bytes > kMostBytes) break;
  }
  for (std::size_t i = first; i < entries.size(); ++i) {
    const std::string line = escape(entries[i]) + "\n";
    if (line.size() <= kMostEntryBytes) out += line;
  }
  return out;
}

}  // namespace chatvim::terminal
