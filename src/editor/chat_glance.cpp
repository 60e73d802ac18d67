// SPDX-License-Identifier: Apache-2.0
#include "chat_glance.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::editor {

namespace {

constexpr std::size_t kMostCharacters = 120;
/// No more of a line is looked at: far more than the characters that are shown can need.
constexpr std::size_t kMostLineBytes = 4096;
constexpr std::size_t kMostHeadingMarks = 6;

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

/// The bytes up to `most`, on a character's border.
std::string_view without_rest(std::string_view line, std::size_t most) {
  if (line.size() <= most) return line;
  std::size_t end = most;
  while (end > 0 && most - end < 4 && is_continuation(line[end])) --end;
  return line.substr(0, end);
}

/// The line without the marks of a heading (CommonMark, section 4.2).
std::string_view without_heading_marks(std::string_view line) {
  const auto marks = std::min(line.find_first_not_of('#'), line.size());
  const bool is_heading =
      marks > 0 && marks <= kMostHeadingMarks && text::is_blank(line.substr(marks, 1));
  return is_heading ? line.substr(marks) : line;
}

/// Cuts valid text to the characters that are shown.
void cut(std::string& text) {
  std::size_t characters = 0;
  std::size_t last = 0;  // where the last character that may be shown begins
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_continuation(text[i])) continue;
    if (++characters == kMostCharacters) last = i;
  }
  if (characters <= kMostCharacters) return;
  text.resize(last);
  text += "…";
}

/// A line of a user message as it is shown; empty when nothing of it can be.
std::string shown(std::string_view line, const document::Format& format) {
  line = text::trim(without_rest(line, kMostLineBytes));
  std::string unescaped;
  if (line.starts_with('\\')) {
    // Only the reader knows what is escaped.
    auto messages = document::read_messages(std::span(&line, 1), format);
    if (!messages.empty()) unescaped = std::move(messages.front().content);
    line = unescaped;
  }
  std::string text = text::printable(text::trim(without_heading_marks(line)), kMostLineBytes);
  text = std::string(text::trim(text));
  cut(text);
  return text;
}

/// Takes what the front matter says: whether it names a model, and its own delimiters.
bool take_front_matter(std::span<const std::string_view> lines, const std::string& text,
                       document::Format& format) {
  // Most front matter is somebody else's: it is not parsed for nothing.
  if (text.find("model") == std::string::npos && text.find("Delimiter") == std::string::npos)
    return false;
  const chat::Part part = chat::read_part(lines, settings::Scope::kDocument);
  const auto take = [&part](const char* key, std::string& into) {
    const auto found = part.layer.values->find(key);
    if (found != part.layer.values->end() && found->is_string()) into = found->get<std::string>();
  };
  take("userDelimiter", format.user_delimiter);
  take("assistantDelimiter", format.assistant_delimiter);
  take("systemDelimiter", format.system_delimiter);
  return part.layer.values->contains("model");
}

}  // namespace

bool is_markdown_name(std::string_view name) {
  return name.ends_with(".md") && !name.starts_with('.');
}

ChatGlance glance_at_chat(std::string_view name, std::string_view beginning,
                          document::Format format) {
  const auto lines = text::split_file(beginning);
  const auto front_matter = document::find_front_matter(lines);
  ChatGlance glance;
  glance.is_chat = name.starts_with("chat-");
  if (front_matter.kind != document::FrontMatterKind::kNone &&
      take_front_matter(lines, front_matter.text, format)) {
    glance.is_chat = true;
  }
  auto role = document::Role::kUser;
  for (std::size_t i = front_matter.body_line; i < lines.size(); ++i) {
    if (glance.is_chat && !glance.question.empty()) break;
    if (const auto next = document::delimiter_role(lines[i], format)) {
      glance.is_chat = true;
      role = *next;
    } else if (role == document::Role::kUser && glance.question.empty() &&
               !text::is_blank(lines[i])) {
      glance.question = shown(lines[i], format);
      if (!glance.question.empty()) glance.line = i + 1;
    }
  }
  return glance;
}

}  // namespace chatvim::editor
