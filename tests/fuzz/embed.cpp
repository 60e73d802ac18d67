// SPDX-License-Identifier: Apache-2.0
// What a chat points at: the words in it, and the files at their end.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/glob/ignore.hpp"
#include "chatvim/glob/pattern.hpp"
#include "chatvim/glob/wildcard.hpp"
#include "chatvim/secret/search.hpp"
#include "embed/media.hpp"
#include "embed/target.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

constexpr std::string_view kHidden = "value-of-a-variable";

void check_target(std::string_view written) {
  const auto target =
      embed::read_target(written, "/chat", [](std::string_view name) -> std::optional<std::string> {
        if (name == "HOME") return "/home/somebody";
        if (name == "V") return std::string(kHidden);
        return std::nullopt;
      });
  if (!target) {
    expect(!target.error().message.empty(), "a refusal says why");
    expect(written.find(kHidden) != std::string_view::npos ||
               target.error().message.find(kHidden) == std::string::npos,
           "a refusal does not tell what a variable holds");
    return;
  }
  for (const auto& candidate : target->candidates) {
    expect(candidate.path.starts_with("/"), "a path is absolute");
  }
  expect(!target->address.empty() || !target->candidates.empty() || !target->problem.empty() ||
             !target->pattern.empty(),
         "a target means something");
}

/// A name as a pattern that stands for that name alone.
std::string escaped(std::string_view name) {
  std::string out;
  for (const char byte : name) {
    if (std::string_view("*?[]\\!^-").find(byte) != std::string_view::npos) out += '\\';
    out += byte;
  }
  return out;
}

}  // namespace

void embed_paths(std::string_view input) {
  const std::string_view path = take_part(input);
  check_target(path);
  check_target(input);
  glob::matches(input, path);
  if (path.find('\0') == std::string_view::npos && !path.empty()) {
    expect(glob::matches(escaped(path), path), "an escaped name matches itself");
    expect(!glob::is_pattern(escaped(path)), "an escaped name is no pattern");
  }
  const glob::Pattern pattern = glob::read_pattern(input, "/chat");
  for (const auto& segment : pattern.segments) {
    expect(segment.find('/') == std::string::npos, "a component has no slash");
    glob::plain_segment(segment);
  }
  const glob::IgnoreFile ignore(input);
  for (const bool is_folder : {false, true}) ignore.look(path, is_folder);
}

void embed_files(std::string_view input) {
  const auto media = embed::sniff(input);
  expect(media.width >= 0 && media.height >= 0, "a picture's size is none or positive");
  expect((media.kind == embed::Media::Kind::kNone) == media.name.empty(),
         "what is known has a name");
  if (media.kind == embed::Media::Kind::kPicture || media.kind == embed::Media::Kind::kPdf) {
    expect(!media.media_type.empty(), "what is sent has a type");
  }

  const std::string_view key = take_part(input);
  const secret::SecretFinder finder({{"the key of somebody", std::string(key)}});
  std::size_t from = 0;
  const std::string text = std::string(input) + "\n" + std::string(key) + "\n";
  const auto found = finder.find(text);
  for (const auto& one : found) {
    const auto at = static_cast<std::size_t>(one.text.data() - text.data());
    expect(at >= from && at + one.text.size() <= text.size(),
           "a secret stands in the text, behind the one before");
    expect(one.line >= 1 && one.last_line >= one.line && !one.what.empty(),
           "a secret has its place and kind");
    from = at + one.text.size();
    secret::mark_of("file", one);
  }
  if (key.size() >= 8) expect(!found.empty(), "the user's own key is found");
}

}  // namespace chatvim::fuzz
