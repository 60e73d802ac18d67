// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/format.hpp"
#include "chatvim/document/message.hpp"

namespace chatvim::document {

/// In which language the front matter is written.
enum class FrontMatterKind { kNone, kToml, kYaml };

/// The lines that open and close front matter.
inline constexpr std::string_view kTomlMarker = "+++";
inline constexpr std::string_view kYamlMarker = "---";
/// Closes a YAML front matter too ("document end marker", YAML 1.2, section 9.1.2), if what is
/// above it is a mapping.
inline constexpr std::string_view kYamlEnd = "...";

/// Where the front matter of a document stands and what is in it; its kind is `kNone` if there is
/// none, also if nothing closes it.
struct FrontMatter {
  FrontMatterKind kind = FrontMatterKind::kNone;
  std::string text;  ///< between the markers, each line ended by `\n`
  std::size_t body_line =
      0;  ///< index of the first line of the body; the text's first line has index 1
};

/// Finds the front matter: an opening marker on the first line and a line that closes it, else
/// there is none.
FrontMatter find_front_matter(std::span<const std::string_view> lines);

/// The role whose delimiter the line is, white space at its end ignored.
std::optional<Role> delimiter_role(std::string_view line, const Format& format);

/// The messages of a body (the lines after the front matter), empty ones dropped, escapes taken
/// away, a reasoning block at the start of an assistant message left out; `line` counts in `body`.
/// Linear in the text.
///
/// Where a body begins with a front matter marker that nothing closes, lines that repeat the marker
/// are written with a
/// `\` in front, like delimiters; reading takes it away too.
std::vector<Message> read_messages(std::span<const std::string_view> body, const Format& format);

}  // namespace chatvim::document
