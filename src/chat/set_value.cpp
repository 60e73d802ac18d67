// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/set_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chatvim/document/reader.hpp"
#include "chatvim/settings/value_edit.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::chat {

namespace {

/// Converts an edit of the front matter's text to an edit of the document's lines.
LineEdit by_lines(const settings::Edit& edit, std::string_view text) {
  const auto start_of = [text](std::size_t at) {
    const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return before == std::string_view::npos ? 0 : before + 1;
  };
  const auto line_of = [text](std::size_t at) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(at);
    return static_cast<std::size_t>(std::count(text.begin(), end, '\n')) + 1;
  };
  LineEdit lines{line_of(edit.begin), line_of(edit.begin), {}};
  if (edit.begin == edit.end && edit.text.empty()) return lines;
  std::string changed(edit.text);
  // An edit that is a whole line leaves the other lines unchanged.
  if (!edit.text.ends_with('\n')) {
    const std::size_t start = start_of(edit.begin);
    const std::size_t end = text.find('\n', edit.end);
    changed = fmt::format("{}{}{}\n", text.substr(start, edit.begin - start), edit.text,
                          text.substr(edit.end, end - edit.end));
    lines.last = line_of(edit.end) + 1;
  }
  for (const auto line : text::split_file(changed)) lines.lines.emplace_back(line);
  return lines;
}

/// Returns the edit that adds front matter to a document that has none.
LineEdit new_front_matter(std::span<const std::string_view> lines, const settings::Edit& edit) {
  const std::string marker(document::kTomlMarker);
  LineEdit added{0, 0, {marker, edit.text.substr(0, edit.text.find('\n')), marker}};
  const std::string_view next = lines.empty() ? "" : lines.front();
  // If the body begins with a marker, it must still do so after the edit, because its lines are
  // parsed accordingly.
  const bool marked =
      next.starts_with(document::kTomlMarker) || next.starts_with(document::kYamlMarker);
  if (!marked && next.find_first_not_of(" \t") != std::string_view::npos) {
    added.lines.emplace_back();
  }
  return added;
}

}  // namespace

Result<LineEdit> set_value(std::span<const std::string_view> lines, std::string_view key,
                           const Json& value) {
  const auto front_matter = document::find_front_matter(lines);
  const auto language = front_matter.kind == document::FrontMatterKind::kYaml
                            ? settings::Language::kYaml
                            : settings::Language::kToml;
  const auto edit = settings::edit_value(language, front_matter.text, key, value);
  if (!edit) return tl::unexpected(Error{ErrorCode::kBadDocument, edit.error()});
  if (front_matter.kind == document::FrontMatterKind::kNone) return new_front_matter(lines, *edit);
  return by_lines(*edit, front_matter.text);
}

Result<LineEdit> set_tools(std::span<const std::string_view> lines,
                           const std::vector<std::string>& names) {
  Json list = Json::array();
  for (const std::string& name : names) {
    const bool control = std::any_of(
        name.begin(), name.end(), [](unsigned char byte) { return byte < 0x20 || byte == 0x7F; });
    if (control || text::is_blank(name)) {
      return tl::unexpected(
          Error{ErrorCode::kBadArguments, "The name of a tool is one line of text."});
    }
    list.push_back(name);
  }
  return set_value(lines, "tools", list);
}

}  // namespace chatvim::chat
