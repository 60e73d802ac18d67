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

/// The language of the front matter.
enum class FrontMatterKind { kNone, kToml, kYaml };

/// The lines that open and close front matter.
inline constexpr std::string_view kTomlMarker = "+++";
inline constexpr std::string_view kYamlMarker = "---";
/// Also closes YAML front matter ("document end marker", YAML 1.2, section 9.1.2) if the lines
/// above it are a mapping.
inline constexpr std::string_view kYamlEnd = "...";

/// Position and contents of a document's front matter. The kind is `kNone` if the document has no
/// front matter or it is never closed.
struct FrontMatter {
  FrontMatterKind kind = FrontMatterKind::kNone;
  std::string text;  ///< between the markers; each line ends with `\n`
  std::size_t body_line =
      0;  ///< index of the first line of the body; the text's first line has index 1
};

/// Finds the front matter. It needs an opening marker on the first line and a line that closes it.
FrontMatter find_front_matter(std::span<const std::string_view> lines);

/// Returns the role whose delimiter the line is; trailing white space is ignored.
std::optional<Role> delimiter_role(std::string_view line, const Format& format);

/// Returns the messages of a body (the lines after the front matter), unescaped, without empty
/// messages and without a reasoning block at the start of an assistant message. `line` counts from
/// the start of `body`. Linear in the text.
///
/// If a body begins with a front matter marker that is never closed, lines equal to the marker are
/// escaped with a leading `\`, like delimiters; reading removes it too.
std::vector<Message> read_messages(std::span<const std::string_view> body, const Format& format);

}  // namespace chatvim::document
