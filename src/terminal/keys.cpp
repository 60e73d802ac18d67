// SPDX-License-Identifier: Apache-2.0
#include "chatvim/terminal/keys.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "chatvim/text/utf8.hpp"

namespace chatvim::terminal {

namespace {

using Kind = Key::Kind;

constexpr char kEscape = '\x1B';
constexpr std::string_view kPasteEnd = "\x1B[201~";
constexpr std::size_t kMostPaste = 16UL * 1024 * 1024;
/// No sequence that means something is as long.
constexpr std::size_t kMostSequence = 32;

/// The control characters, as in bash and Emacs.
constexpr std::pair<char, Kind> kControls[] = {
    {'\r', Kind::kEnter},
    {'\n', Kind::kEnter},
    {'\x01', Kind::kHome},
    {'\x02', Kind::kLeft},
    {'\x03', Kind::kInterrupt},
    {'\x04', Kind::kEndOfInput},
    {'\x05', Kind::kEnd},
    {'\x06', Kind::kRight},
    {'\x08', Kind::kBackspace},
    {'\x0B', Kind::kDeleteToEnd},
    {'\x0C', Kind::kClearScreen},
    {'\x0E', Kind::kDown},
    {'\x10', Kind::kUp},
    {'\x15', Kind::kDeleteToHome},
    {'\x17', Kind::kDeleteWordLeft},
    {'\x19', Kind::kInsertDeleted},
    {'\x1A', Kind::kSuspend},
    {'\x7F', Kind::kBackspace},
};

/// What follows ESC for keys with Alt.
constexpr std::pair<char, Kind> kWithAlt[] = {
    {'\r', Kind::kNewLine},          {'\n', Kind::kNewLine},        {'b', Kind::kWordLeft},
    {'f', Kind::kWordRight},         {'d', Kind::kDeleteWordRight}, {'\x7F', Kind::kDeleteWordLeft},
    {'\x08', Kind::kDeleteWordLeft},
};

/// What follows `ESC [` or `ESC O` (xterm, "PC-Style Function Keys"); 3 is Alt and 5 is Control.
constexpr std::pair<std::string_view, Kind> kSequences[] = {
    {"A", Kind::kUp},
    {"B", Kind::kDown},
    {"C", Kind::kRight},
    {"D", Kind::kLeft},
    {"H", Kind::kHome},
    {"F", Kind::kEnd},
    {"1~", Kind::kHome},
    {"4~", Kind::kEnd},
    {"7~", Kind::kHome},
    {"8~", Kind::kEnd},
    {"3~", Kind::kDelete},
    {"1;3C", Kind::kWordRight},
    {"1;5C", Kind::kWordRight},
    {"1;3D", Kind::kWordLeft},
    {"1;5D", Kind::kWordLeft},
    {"3;3~", Kind::kDeleteWordRight},
    {"3;5~", Kind::kDeleteWordRight},
    {"13;2u", Kind::kNewLine},
    {"27;2;13~", Kind::kNewLine},
};

template <class Table, class Name>
std::optional<Kind> find(const Table& table, const Name& name) {
  const auto found = std::find_if(std::begin(table), std::end(table),
                                  [&name](const auto& row) { return row.first == name; });
  return found == std::end(table) ? std::nullopt : std::optional(found->second);
}

/// Returns how many bytes the character has that begins with this byte.
std::size_t size_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte >= 0xF0) return 4;
  if (byte >= 0xE0) return 3;
  return byte >= 0xC0 ? 2 : 1;
}

/// Returns pasted text with `\n` between lines: terminals send `\r`.
std::string with_line_feeds(std::string_view paste) {
  std::string text;
  for (std::size_t i = 0; i < paste.size(); ++i) {
    if (paste[i] != '\r') {
      text += paste[i];
    } else if (i + 1 == paste.size() || paste[i + 1] != '\n') {
      text += '\n';
    }
  }
  return text::replace_invalid_utf8(text);
}

}  // namespace

std::vector<Key> KeyReader::feed(std::string_view bytes) {
  std::vector<Key> keys;
  rest_ += bytes;
  while (!rest_.empty() && take_one(keys)) {
  }
  return keys;
}

/// Each of these takes something from `rest_`, or returns false if more bytes must come first.
bool KeyReader::take_one(std::vector<Key>& keys) {
  if (in_paste_) return take_paste(keys);
  if (rest_[0] == kEscape) return take_escape(keys);
  const auto byte = static_cast<unsigned char>(rest_[0]);
  if (byte >= 0x20 && byte != 0x7F) return take_character(keys);
  if (const auto kind = find(kControls, rest_[0])) keys.push_back({*kind});
  rest_.erase(0, 1);
  return true;
}

bool KeyReader::take_paste(std::vector<Key>& keys) {
  const std::size_t end = rest_.find(kPasteEnd);
  // The end may have been cut.
  const std::size_t kept = std::min(rest_.size(), kPasteEnd.size() - 1);
  const std::size_t size = end == std::string::npos ? rest_.size() - kept : end;
  paste_.append(rest_, 0, std::min(size, kMostPaste - paste_.size()));
  if (end == std::string::npos) {
    rest_.erase(0, size);
    return false;
  }
  rest_.erase(0, end + kPasteEnd.size());
  in_paste_ = false;
  keys.push_back({Kind::kPaste, with_line_feeds(std::exchange(paste_, {}))});
  return true;
}

bool KeyReader::take_escape(std::vector<Key>& keys) {
  if (rest_.size() < 2) return false;
  if (rest_[1] == '[' || rest_[1] == 'O') return take_sequence(keys);
  if (const auto kind = find(kWithAlt, rest_[1])) {
    keys.push_back({*kind});
    rest_.erase(0, 2);
  } else {
    rest_.erase(0, 1);
  }
  return true;
}

/// Takes a control sequence (ECMA-48, 5.4): parameters, then a byte from `@` to `~`.
bool KeyReader::take_sequence(std::vector<Key>& keys) {
  std::size_t end = 2;
  while (end < rest_.size() && rest_[end] >= ' ' && rest_[end] < '@') ++end;
  if (end >= rest_.size() && rest_.size() < kMostSequence) return false;
  const std::string sequence = rest_.substr(2, end - 1);
  rest_.erase(0, end + 1);
  if (sequence == "200~") {
    in_paste_ = true;
  } else if (const auto kind = find(kSequences, sequence)) {
    keys.push_back({*kind});
  }
  return true;
}

bool KeyReader::take_character(std::vector<Key>& keys) {
  std::size_t size = size_of_character(rest_[0]);
  for (std::size_t i = 1; i < std::min(size, rest_.size()); ++i) {
    // The bytes that continue a character are 10xxxxxx.
    if ((static_cast<unsigned char>(rest_[i]) & 0xC0U) != 0x80) size = i;
  }
  if (rest_.size() < size) return false;
  keys.push_back(
      {Kind::kText, text::replace_invalid_utf8(std::string_view(rest_).substr(0, size))});
  rest_.erase(0, size);
  return true;
}

}  // namespace chatvim::terminal
