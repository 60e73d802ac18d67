// SPDX-License-Identifier: Apache-2.0
#include "quotes.hpp"

#include <algorithm>

#include "block_path.hpp"
#include "chatvim/document/embed.hpp"
#include "chatvim/text/lines.hpp"
#include "fenced.hpp"

namespace chatvim::patch {
namespace {

/// Returns a target without `#L10-L40` and the angle brackets of a path with spaces.
std::string without_fragment(std::string_view target) {
  return std::string(target.substr(0, target.rfind("#L")));
}

std::string_view without_dot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

bool ends_with_path(std::string_view path, std::string_view end) {
  if (!path.ends_with(end) || end.empty()) return false;
  return path.size() == end.size() || path[path.size() - end.size() - 1] == '/';
}

}  // namespace

std::vector<NamedFile> named_files(const document::Message& message) {
  std::vector<NamedFile> files;
  const auto lines = text::split_buffer(message.content);
  for (Fenced& block : find_fenced(lines)) {
    const std::string path = block.first == 0 ? "" : read_quote_label(lines[block.first - 1]);
    if (!path.empty()) files.push_back({path, std::move(block.text)});
  }
  for (const auto& embed : document::find_embeds(message.content)) {
    std::string path = without_fragment(embed.target);
    if (is_path(path)) files.push_back({std::move(path), std::nullopt});
  }
  return files;
}

bool can_be_same_file(std::string_view a, std::string_view b) {
  a = without_dot(a);
  b = without_dot(b);
  // A path of the home folder may be written out elsewhere.
  if (a.starts_with("~/")) a.remove_prefix(2);
  if (b.starts_with("~/")) b.remove_prefix(2);
  return a.size() >= b.size() ? ends_with_path(a, b) : ends_with_path(b, a);
}

}  // namespace chatvim::patch
