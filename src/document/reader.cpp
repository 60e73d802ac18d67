// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/reader.hpp"

#include "chatvim/text/lines.hpp"
#include "special_lines.hpp"

namespace chatvim::document {
namespace {

using Lines = std::span<const std::string_view>;

Lines without_blank_ends(Lines lines) {
  while (!lines.empty() && text::is_blank(lines.front())) {
    lines = lines.subspan(1);
  }
  while (!lines.empty() && text::is_blank(lines.back())) {
    lines = lines.first(lines.size() - 1);
  }
  return lines;
}

/// The lines of an assistant message without the reasoning block at their start. One that never
/// closes is text.
Lines without_reasoning(Lines lines) {
  if (lines.empty() || text::trim_end(lines.front()) != kReasoningOpen) {
    return lines;
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].starts_with(kReasoningClose) && text::trim_end(lines[i]) == kReasoningClose) {
      return without_blank_ends(lines.subspan(i + 1));
    }
  }
  return lines;
}

std::string join(Lines lines, Role role, const SpecialLines& special) {
  std::size_t size = lines.size();
  for (const std::string_view line : lines) {
    size += line.size();
  }
  std::string content;
  content.reserve(size);
  SpecialLines::Kinds kinds = SpecialLines::kEverywhere;
  if (role == Role::kAssistant) {
    kinds |= SpecialLines::kOpener;  // an answer's first line only
  }
  for (const std::string_view line : lines) {
    content += line.substr(special.slashes_to_remove(line, kinds));
    content += '\n';
    kinds = SpecialLines::kEverywhere;
  }
  content.pop_back();
  return content;
}

void add_message(std::vector<Message>& messages, Role role, Lines lines,
                 const SpecialLines& special) {
  lines = without_blank_ends(lines);
  if (role == Role::kAssistant) {
    lines = without_reasoning(lines);
  }
  if (!lines.empty()) {
    messages.push_back({role, join(lines, role, special)});
  }
}

}  // namespace

FrontMatter find_front_matter(std::span<const std::string_view> lines) {
  const std::string_view marker = leading_marker(lines);
  if (marker.empty()) {
    return {};
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!lines[i].starts_with(marker) || text::trim_end(lines[i]) != marker) {
      continue;
    }
    FrontMatter found;
    found.kind = marker == kTomlMarker ? FrontMatterKind::kToml : FrontMatterKind::kYaml;
    found.body_line = i + 1;
    for (const std::string_view line : lines.subspan(1, i - 1)) {
      found.text += line;
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
  Role role = Role::kUser;
  std::size_t start = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (const auto next = special.delimiter(body[i])) {
      add_message(messages, role, body.subspan(start, i - start), special);
      role = *next;
      start = i + 1;
    }
  }
  add_message(messages, role, body.subspan(start), special);
  return messages;
}

}  // namespace chatvim::document
