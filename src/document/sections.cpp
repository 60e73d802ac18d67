// SPDX-License-Identifier: Apache-2.0
#include "sections.hpp"

#include <cstddef>

#include "chatvim/text/lines.hpp"

namespace chatvim::document {
namespace {

/// Drops the reasoning block at the start of an assistant message. A block that is never closed is
/// text.
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

Section section_of(Role role, Lines lines) {
  Section section{role, lines, without_blank_ends(lines)};
  if (role == Role::kAssistant) {
    section.text = without_reasoning(section.text);
  }
  return section;
}

}  // namespace

Lines without_blank_ends(Lines lines) {
  while (!lines.empty() && text::is_blank(lines.front())) {
    lines = lines.subspan(1);
  }
  while (!lines.empty() && text::is_blank(lines.back())) {
    lines = lines.first(lines.size() - 1);
  }
  return lines;
}

std::vector<Section> read_sections(Lines body, const SpecialLines& special) {
  std::vector<Section> sections;
  Role role = Role::kUser;
  std::size_t start = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (const auto next = special.delimiter(body[i])) {
      sections.push_back(section_of(role, body.subspan(start, i - start)));
      role = *next;
      start = i + 1;
    }
  }
  sections.push_back(section_of(role, body.subspan(start)));
  return sections;
}

SpecialLines::Kinds kinds_on(Role role, bool first_line) {
  if (role != Role::kAssistant) return SpecialLines::kEverywhere;
  const auto kinds = SpecialLines::kEverywhere | SpecialLines::kStep;
  return first_line ? kinds | SpecialLines::kOpener : kinds;
}

std::string join(Lines text, Role role, const SpecialLines& special, bool begins_message) {
  std::size_t size = text.size();
  for (const std::string_view line : text) {
    size += line.size();
  }
  std::string content;
  content.reserve(size);
  for (std::size_t i = 0; i < text.size(); ++i) {
    content += text::without_returns(text[i].substr(
        special.slashes_to_remove(text[i], kinds_on(role, begins_message && i == 0))));
    content += '\n';
  }
  content.pop_back();
  return content;
}

}  // namespace chatvim::document
