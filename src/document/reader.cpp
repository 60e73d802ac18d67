// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/reader.hpp"

#include <algorithm>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "read_steps.hpp"
#include "sections.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

namespace {

/// Checks whether the lines so far look like a top-level YAML mapping. Prose between two thematic
/// breaks does not.
class MappingShape {
 public:
  /// Takes the next line.
  void add(std::string_view line) {
    if (!fits_ || text::is_blank(line) || line.front() == '#') return;
    constexpr std::string_view kContinuations = " \t-]}";
    if (kContinuations.find(line.front()) != std::string_view::npos) {
      fits_ = has_key_;
      return;
    }
    const std::size_t colon = line.find(':');
    const std::string_view after = colon < line.size() ? line.substr(colon + 1) : "?";
    fits_ = colon > 0 && (after.empty() || after.front() == ' ' || after.front() == '\t');
    has_key_ = has_key_ || fits_;
  }
  bool is_mapping() const { return fits_ && has_key_; }

 private:
  bool fits_ = true;
  bool has_key_ = false;
};

/// Reads the content of an answer, and its blocks.
void read_into(Message& message, Lines text, const SpecialLines& special) {
  ReadAnswer read = read_answer(text, special);
  auto parts = message_parts(std::move(read.parts));
  message.content = read.has_blocks ? text_of(parts) : join(text, Role::kAssistant, special);
  const bool has_calls = std::any_of(parts.begin(), parts.end(), [](const AnswerPart& part) {
    return part.kind != AnswerPart::Kind::kText;
  });
  if (has_calls) message.answer = std::move(parts);
  message.others = std::move(read.others);
  message.provenance = std::move(read.provenance);
  message.broken_blocks = std::move(read.broken);
}

/// Whether it is a message: other answers alone are none.
bool says_anything(const Message& message) {
  return !message.content.empty() || !message.answer.empty();
}

}  // namespace

void move_lines(Message& message, std::size_t by) {
  message.line += by;
  for (std::size_t& line : message.broken_blocks) line += by;
  for (OtherAnswer& other : message.others) {
    other.line += by;
    other.end += by;
  }
  for (AnswerPart& part : message.answer) {
    if (part.kind == AnswerPart::Kind::kCall) part.call.line += by;
    part.line += by;
    part.end += by;
  }
}

FrontMatter find_front_matter(std::span<const std::string_view> lines) {
  const std::string_view marker = leading_marker(lines);
  if (marker.empty()) {
    return {};
  }
  MappingShape shape;
  const bool is_yaml = marker == kYamlMarker;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const bool closes = (line.starts_with(marker) && text::trim_end(line) == marker) ||
                        (is_yaml && line.starts_with(kYamlEnd) &&
                         text::trim_end(line) == kYamlEnd && shape.is_mapping());
    if (!closes) {
      if (is_yaml) shape.add(text::without_returns(line));
      continue;
    }
    FrontMatter found;
    found.kind = is_yaml ? FrontMatterKind::kYaml : FrontMatterKind::kToml;
    found.body_line = i + 1;
    for (const std::string_view inner : lines.subspan(1, i - 1)) {
      found.text += text::without_returns(inner);
      found.text += '\n';
    }
    return found;
  }
  return {};
}

std::optional<Role> delimiter_role(std::string_view line, const Format& format) {
  const std::string_view trimmed = text::trim_end(line);
  for (const Role role : {Role::kSystem, Role::kUser, Role::kAssistant}) {
    if (trimmed == format.delimiter_of(role)) {
      return role;
    }
  }
  return std::nullopt;
}

std::vector<Message> read_messages(std::span<const std::string_view> body, const Format& format) {
  const SpecialLines special(format, leading_marker(body));
  std::vector<Message> messages;
  for (const Section& section : read_sections(body, special)) {
    if (!section.text.empty()) {
      const auto line = static_cast<std::size_t>(section.text.data() - body.data());
      Message message{section.role, ""};
      if (section.role == Role::kAssistant) {
        read_into(message, section.text, special);
        if (!says_anything(message)) continue;
      } else {
        message.content = join(section.text, section.role, special);
      }
      move_lines(message, line);
      messages.push_back(std::move(message));
    }
  }
  return messages;
}

}  // namespace chatvim::document
