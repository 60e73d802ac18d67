// SPDX-License-Identifier: Apache-2.0
#include "front_matter_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chatvim/document/reader.hpp"
#include "chatvim/settings/schema.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::chat {

namespace {

/// Lines that are searched for a marker, and after it for settings.
constexpr std::size_t kMostAbove = 20;
constexpr std::size_t kMostBelow = 50;

/// Characters that editors do not show (Unicode, general category Cf and spaces), in UTF-8.
constexpr std::array<std::string_view, 10> kInvisible = {" ",
                                                         "\t",
                                                         "\r",
                                                         "\xC2\xA0",
                                                         "\xC2\xAD",
                                                         "\xE2\x80\x8B",
                                                         "\xE2\x80\x8C",
                                                         "\xE2\x80\x8D",
                                                         "\xE2\x81\xA0",
                                                         "\xEF\xBB\xBF"};

std::string_view without_invisible_start(std::string_view line) {
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view character : kInvisible) {
      if (!line.starts_with(character)) continue;
      line.remove_prefix(character.size());
      found = true;
    }
  }
  return line;
}

std::string_view marker_in(std::string_view line) {
  const std::string_view trimmed = text::trim_end(without_invisible_start(line));
  const bool is_marker = trimmed == document::kTomlMarker || trimmed == document::kYamlMarker;
  return is_marker ? trimmed : std::string_view();
}

bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with("//") || line.starts_with("<!--");
}

/// Whether the first lines that are not blank set something that is a setting.
bool has_setting(std::span<const std::string_view> lines) {
  for (const std::string_view line : lines.first(std::min(lines.size(), kMostBelow))) {
    if (!marker_in(line).empty()) return false;
    const std::size_t end = line.find_first_of(":= \t");
    if (end == 0 || end == std::string_view::npos) continue;
    const std::size_t sign = line.find_first_not_of(" \t", end);
    if (sign == std::string_view::npos || (line[sign] != ':' && line[sign] != '=')) continue;
    if (settings::find_option(settings::schema(), line.substr(0, end)) != nullptr) return true;
  }
  return false;
}

settings::Diagnostic diagnostic(std::size_t index, settings::Severity severity, std::string text) {
  return {{static_cast<int>(index) + 1, 1}, severity, std::move(text)};
}

}  // namespace

std::optional<settings::Diagnostic> check_missing_front_matter(
    std::span<const std::string_view> lines) {
  using settings::Severity;
  const std::size_t count = std::min(lines.size(), kMostAbove);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view marker = marker_in(lines[i]);
    if (marker.empty()) {
      if (text::is_blank(without_invisible_start(lines[i])) || is_comment(lines[i])) continue;
      return std::nullopt;
    }
    const bool is_exact = lines[i].starts_with(marker);
    if (i == 0 && is_exact && marker == document::kTomlMarker) {
      return diagnostic(0, Severity::kError,
                        "Close the front matter with a line +++: nothing closes it.");
    }
    if (!has_setting(lines.subspan(i + 1))) return std::nullopt;
    if (i == 0 && is_exact) {
      return diagnostic(
          0, Severity::kWarning,
          "Close the front matter with a line ---: nothing closes it, so its settings "
          "are text of the chat.");
    }
    return diagnostic(
        i, Severity::kWarning,
        fmt::format(
            "Move this {} to the very start of the file: after {}, its settings are text of "
            "the chat.",
            marker, i == 0 ? "invisible characters" : "other lines"));
  }
  return std::nullopt;
}

}  // namespace chatvim::chat
