// SPDX-License-Identifier: Apache-2.0
#include "special_lines.hpp"

#include <algorithm>

#include "chatvim/document/reader.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::document {

BlockKind block_on(std::string_view line) {
  if (line.empty() || line.front() != '<') return BlockKind::kNone;  // nearly every line
  if (line.starts_with(kCallBeginning)) return BlockKind::kCall;
  if (line.starts_with(kOtherBeginning)) return BlockKind::kOther;
  if (line.starts_with(kStateBeginning)) return BlockKind::kState;
  return line.starts_with(kProvenanceBeginning) ? BlockKind::kProvenance : BlockKind::kNone;
}

SpecialLines::SpecialLines(const Format& format, std::string_view marker) {
  for (const Role role : {Role::kSystem, Role::kUser, Role::kAssistant}) {
    add(format.delimiter_of(role), kDelimiter, role);
  }
  if (!marker.empty()) {
    add(marker, kMarker, std::nullopt);
    if (marker == kYamlMarker) add(kYamlEnd, kMarker, std::nullopt);
  }
  add(kReasoningOpen, kOpener, std::nullopt);
  add(kReasoningClose, kCloser, std::nullopt);
  for (const std::string_view beginning : kBlockBeginnings) add_beginning(beginning, kStep);
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& left, const Entry& right) { return left.slashes < right.slashes; });
  first_byte_['\\'] = true;
}

LineMatch SpecialLines::start(Kinds kinds) const {
  LineMatch match;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if ((entries_[i].kinds & kinds) != 0) {
      match.candidates |= 1U << i;
    }
  }
  return match;
}

void SpecialLines::advance(LineMatch& match, char character) const {
  if (match.position == 0 && character == '\\') {
    ++match.slashes;
    return;
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    const bool fits = match.position < entry.rest.size()
                          ? entry.rest[match.position] == character
                          : entry.is_beginning || character == ' ' || character == '\t';
    if (!fits) {
      match.candidates &= ~(1U << i);
    }
  }
  ++match.position;
}

bool SpecialLines::is_open(const LineMatch& match) const {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    // More `\`s can only follow while nothing else has.
    if (((match.candidates >> i) & 1U) != 0 &&
        (match.position == 0 || entries_[i].slashes <= match.slashes)) {
      return true;
    }
  }
  return false;
}

bool SpecialLines::is_open(std::string_view beginning, Kinds kinds) const {
  LineMatch match = start(kinds);
  for (const char character : beginning) {
    advance(match, character);
  }
  return is_open(match);
}

std::size_t SpecialLines::slashes_to_add(const LineMatch& match) const {
  std::size_t slashes = match.slashes;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (is_complete(match, i) && entries_[i].slashes <= slashes) {
      ++slashes;
    }
  }
  return slashes - match.slashes;
}

std::size_t SpecialLines::slashes_to_remove(std::string_view line, Kinds kinds) const {
  const LineMatch found = match(line, kinds);
  std::size_t count = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (is_complete(found, i) && entries_[i].slashes < found.slashes) {
      ++count;
    }
  }
  return count;
}

std::optional<Role> SpecialLines::delimiter(std::string_view line) const {
  const LineMatch found = match(line, kDelimiter);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (is_complete(found, i) && entries_[i].slashes == found.slashes) {
      return entries_[i].role;
    }
  }
  return std::nullopt;
}

bool SpecialLines::can_keep_reasoning() const {
  return std::none_of(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return (entry.kinds & kDelimiter) != 0 && (entry.kinds & (kOpener | kCloser)) != 0;
  });
}

bool SpecialLines::can_keep_blocks() const {
  if (delimiter(kCallClose) || delimiter(kStateClose)) return false;
  return std::none_of(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return entry.role && entry.slashes == 0 && block_on(entry.rest) != BlockKind::kNone;
  });
}

void SpecialLines::add(std::string_view line, Kinds kind, std::optional<Role> role) {
  const std::size_t slashes = std::min(line.find_first_not_of('\\'), line.size());
  const std::string_view rest = line.substr(slashes);
  for (Entry& entry : entries_) {
    if (entry.slashes == slashes && entry.rest == rest && !entry.is_beginning) {
      entry.kinds |= kind;
      return;
    }
  }
  entries_.push_back({slashes, std::string(rest), kind, role, false});
  if (!rest.empty()) {
    first_byte_[static_cast<unsigned char>(rest.front())] = true;
  }
}

void SpecialLines::add_beginning(std::string_view beginning, Kinds kind) {
  entries_.push_back({0, std::string(beginning), kind, std::nullopt, true});
  first_byte_[static_cast<unsigned char>(beginning.front())] = true;
}

LineMatch SpecialLines::match(std::string_view line, Kinds kinds) const {
  // Fast path for nearly every line of a chat.
  if (line.empty() || !first_byte_[static_cast<unsigned char>(line.front())]) {
    return {};
  }
  LineMatch match;
  match.slashes = std::min(line.find_first_not_of('\\'), line.size());
  const std::string_view rest = text::trim_end(line.substr(match.slashes));
  match.position = rest.size();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    const bool fits = entry.is_beginning ? rest.starts_with(entry.rest) : rest == entry.rest;
    if ((entry.kinds & kinds) != 0 && fits) {
      match.candidates |= 1U << i;
    }
  }
  return match;
}

bool SpecialLines::is_complete(const LineMatch& match, std::size_t index) const {
  return ((match.candidates >> index) & 1U) != 0 && match.position >= entries_[index].rest.size();
}

std::string_view leading_marker(std::span<const std::string_view> body) {
  if (body.empty()) {
    return {};
  }
  for (const std::string_view marker : {kTomlMarker, kYamlMarker}) {
    if (text::trim_end(body.front()) == marker) {
      return marker;
    }
  }
  return {};
}

}  // namespace chatvim::document
