// SPDX-License-Identifier: Apache-2.0
#include "chat_glance.hpp"

#include <algorithm>
#include <memory>
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
constexpr std::size_t kMostTitleCharacters = 200;
/// Bytes of a line that are examined: far more than the characters shown can need.
constexpr std::size_t kMostLineBytes = 4096;
constexpr std::size_t kMostHeadingMarks = 6;

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

/// Returns at most `most` bytes, without splitting a character.
std::string_view without_rest(std::string_view line, std::size_t most) {
  if (line.size() <= most) return line;
  std::size_t end = most;
  while (end > 0 && most - end < 4 && is_continuation(line[end])) --end;
  return line.substr(0, end);
}

/// Returns the line without heading marks (CommonMark, section 4.2).
std::string_view without_heading_marks(std::string_view line) {
  const auto marks = std::min(line.find_first_not_of('#'), line.size());
  const bool is_heading =
      marks > 0 && marks <= kMostHeadingMarks && text::is_blank(line.substr(marks, 1));
  return is_heading ? line.substr(marks) : line;
}

/// Returns a line of a user message in the form to display; empty if nothing of it can be
/// displayed.
std::string shown(std::string_view line, const document::Format& format) {
  line = text::trim(without_rest(line, kMostLineBytes));
  std::string unescaped;
  if (line.starts_with('\\')) {
    // Only the document reader knows the escaping rules.
    auto messages = document::read_messages(std::span(&line, 1), format);
    if (!messages.empty()) unescaped = std::move(messages.front().content);
    line = unescaped;
  }
  return text::printable_line(without_heading_marks(line), kMostCharacters);
}

/// The front matter of a file, parsed when it is first needed: most belongs to other programs.
class FrontMatterGlance {
 public:
  explicit FrontMatterGlance(std::span<const std::string_view> lines)
      : lines_(lines), found_(document::find_front_matter(lines)) {}

  std::size_t body_line() const { return found_.body_line; }
  /// Applies the delimiters to `format`; returns whether it names a model.
  bool take_format(document::Format& format) {
    if (!mentions("model") && !mentions("Delimiter")) return false;
    take("userDelimiter", format.user_delimiter);
    take("assistantDelimiter", format.assistant_delimiter);
    take("systemDelimiter", format.system_delimiter);
    return values().contains("model");
  }
  std::string title() {
    std::string title;
    if (mentions("title")) take("title", title);
    return text::printable_line(title, kMostTitleCharacters);
  }

 private:
  bool mentions(std::string_view key) const { return found_.text.find(key) != std::string::npos; }
  const Json& values() {
    if (!values_) values_ = chat::read_part(lines_, settings::Scope::kDocument).layer.values;
    return *values_;
  }
  void take(const char* key, std::string& into) {
    const auto found = values().find(key);
    if (found != values().end() && found->is_string()) into = found->get<std::string>();
  }

  std::span<const std::string_view> lines_;
  document::FrontMatter found_;
  std::shared_ptr<const Json> values_;
};

}  // namespace

bool is_markdown_name(std::string_view name) {
  return name.ends_with(".md") && !name.starts_with('.');
}

ChatGlance glance_at_chat(std::string_view name, std::string_view beginning,
                          document::Format format) {
  const auto lines = text::split_file(beginning);
  FrontMatterGlance front_matter(lines);
  ChatGlance glance;
  glance.is_chat = front_matter.take_format(format) || name.starts_with("chat-");
  auto role = document::Role::kUser;
  for (std::size_t i = front_matter.body_line(); i < lines.size(); ++i) {
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
  if (glance.is_chat) glance.title = front_matter.title();
  return glance;
}

}  // namespace chatvim::editor
