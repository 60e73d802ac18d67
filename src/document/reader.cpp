// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/reader.hpp"

#include "chatvim/text/lines.hpp"
#include "sections.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

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
      found.text += text::without_returns(line);
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
      messages.push_back({section.role, join(section.text, section.role, special), line});
    }
  }
  return messages;
}

}  // namespace chatvim::document
