// SPDX-License-Identifier: Apache-2.0
// Targets after `![](`: files, folders, files open in the editor, and lines of a file.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "chatvim/document/fence.hpp"
#include "chatvim/embed/locate.hpp"
#include "chatvim/files/files.hpp"
#include "chatvim/glob/path.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "completion.hpp"

namespace chatvim::lsp {

namespace {

constexpr std::size_t kMostItems = 1000;
/// Names of a folder that are looked at; a larger one has no completions.
constexpr std::size_t kMostNames = 100'000;
/// Bytes of a file that are read to offer parts of it.
constexpr std::uint64_t kMostRead = 1U << 20U;
constexpr std::size_t kMostParts = 200;

/// The target that is being written: the text between `](`, or `](<`, and the cursor.
struct Written {
  std::size_t start = 0;  ///< byte of its line
  std::string text;
  bool in_angles = false;
};

std::optional<Written> read_written(std::string_view line, std::size_t byte) {
  const std::size_t link = line.find("![");
  if (link > 3 || line.substr(0, link).find_first_not_of(' ') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t open = line.find("](", link);
  if (open == std::string_view::npos || open + 2 > byte) return std::nullopt;
  if (!document::find_embeds(line.substr(0, byte)).empty()) return std::nullopt;  // it is complete
  Written written;
  written.start = open + 2;
  written.in_angles = line.substr(written.start).starts_with('<') && byte > written.start;
  if (written.in_angles) ++written.start;
  written.text = line.substr(written.start, byte - written.start);
  // Only the end of the link may follow.
  std::string_view after = line.substr(byte);
  if (after.starts_with('>')) after.remove_prefix(1);
  if (after.starts_with(')')) after.remove_prefix(1);
  if (!text::is_blank(after)) return std::nullopt;
  return written;
}

std::string encoded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        std::isalnum(byte) != 0 || std::string_view("._+=@-").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

/// Escapes what ends a target in markdown.
std::string escaped(const Written& written, std::string_view name) {
  const std::string_view special = written.in_angles ? "\\<>" : "\\()";
  std::string out;
  for (const char c : name) {
    if (special.find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

/// Returns the target without the `\`s of markdown.
std::string unescaped(const Written& written) {
  const auto embeds =
      document::find_embeds(written.in_angles ? fmt::format("![](<{}>)", written.text)
                                              : fmt::format("![]({})", written.text));
  return embeds.empty() ? written.text : embeds.front().target;
}

/// Writes a path so that the target is read as that path: plain, escaped or percent-encoded. Names
/// that are neither are left out.
std::optional<std::string> write_path(const Written& written, const std::string& before,
                                      const std::string& name, const std::string& tail,
                                      const std::string& path, const embed::Context& context) {
  std::vector<std::string> ways = {encoded(name)};
  if (text::printable_name(name, kMostRead) == name) {
    ways = {name, escaped(written, name), encoded(name)};
  }
  for (const std::string& way : ways) {
    const std::string target = before + way + tail;
    const auto embeds = document::find_embeds(written.in_angles ? fmt::format("![](<{}>)", target)
                                                                : fmt::format("![]({})", target));
    if (embeds.empty()) continue;
    const auto found = embed::locate(embeds.front().target, context);
    if (found && found->path == path) return way + tail;
  }
  return std::nullopt;
}

/// Whether a name begins with what has been written, whatever the case.
bool begins_with(std::string_view name, std::string_view written) {
  const auto same = [](unsigned char one, unsigned char other) {
    return std::tolower(one) == std::tolower(other);
  };
  return name.size() >= written.size() &&
         std::equal(written.begin(), written.end(), name.begin(), same);
}

/// Adds the names in the folder that the written path leads to.
void add_names(Scene& scene, const Written& written, Completions& found) {
  const embed::Context context = embed_context(scene);
  const std::size_t slash = written.text.rfind('/');
  const std::string before = slash == std::string::npos ? "" : written.text.substr(0, slash + 1);
  const std::string last = written.text.substr(before.size());
  found.start = written.start + before.size();
  if (last == ".." || (last == "~" && before.empty())) {
    found.items.push_back({last + "/", ItemKind::kFolder, last + "/"});
  }
  Written folder = written;
  folder.text = before.empty() ? "./" : before;
  const auto place = embed::locate(unescaped(folder), context);
  if (!place || !place->is_folder) return;
  const auto names = files::system_files().list(place->path, kMostNames);
  if (!names) return;
  const bool hidden = last.starts_with('.');
  // The client filters, unless there are too many to send.
  const bool filtered = names->size() > kMostItems;
  for (const auto& entry : *names) {
    if (entry.name.starts_with('.') != hidden) continue;
    if (filtered && !begins_with(entry.name, last)) continue;
    if (found.items.size() == kMostItems) {
      found.is_incomplete = true;
      return;
    }
    const std::string path = glob::join(place->path, entry.name);
    const auto look = entry.is_link ? files::system_files().look(path) : Result<files::Entry>();
    const bool is_folder =
        entry.is_folder || (entry.is_link && look && look->kind == files::Entry::Kind::kFolder);
    const auto resolved = entry.is_link ? files::system_files().resolve(path) : path;
    const std::string tail = is_folder ? "/" : "";
    // Most names need no look at the disk.
    const bool is_plain =
        entry.name.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
        std::string::npos;
    const auto text = is_plain   ? std::optional(entry.name + tail)
                      : resolved ? write_path(written, before, entry.name, tail, *resolved, context)
                                 : std::nullopt;
    if (!text) continue;
    found.items.push_back({text::printable_name(entry.name, 255) + tail,
                           is_folder ? ItemKind::kFolder : ItemKind::kFile, *text, false, "", "",
                           *text});
  }
}

/// Adds files that are open in the editor, while no folder has been written yet.
void add_open_files(Scene& scene, const Written& written, Completions& found) {
  if (written.text.find('/') != std::string::npos) return;
  const std::string folder = glob::folder_of(scene.chat.path());
  const embed::Context context = embed_context(scene);
  std::set<std::string> seen;
  for (const std::string& path : scene.open_files) {
    if (path == scene.chat.path() || !seen.insert(path).second) continue;
    const auto below_one = [&path](const std::string& one) {
      return one.empty() ? std::nullopt : glob::below(path, one);
    };
    const auto below = below_one(folder);
    const auto below_work = below_one(context.working_folder);
    const std::string target(below ? *below : below_work ? *below_work : std::string_view(path));
    // Files of the folder itself are listed by name already.
    if (target.find('/') == std::string::npos && below) continue;
    found.items.push_back({text::printable_name(target, 255), ItemKind::kReference,
                           escaped(written, target), false, "open in the editor"});
  }
}

/// Adds ranges of lines after `#L`: the whole file, and its parts that begin in the first column
/// after an empty line.
void add_lines(Scene& scene, const Written& written, std::size_t hash, Completions& found) {
  Written file = written;
  file.text = written.text.substr(0, hash);
  const auto place = embed::locate(unescaped(file), embed_context(scene));
  if (!place || place->path.empty() || place->is_folder || place->outside) return;
  const auto bytes = files::system_files().read(place->path, kMostRead);
  if (!bytes || bytes->find('\0') != std::string::npos) return;
  const auto lines = text::split_file(*bytes);
  found.start = written.start + hash + 1;
  const auto add = [&](std::size_t first, std::size_t last) {
    while (last > first && text::is_blank(lines[last])) --last;
    const std::string range =
        first == last ? fmt::format("L{}", first + 1) : fmt::format("L{}-L{}", first + 1, last + 1);
    found.items.push_back(
        {range, ItemKind::kReference, "", false, text::printable(text::trim(lines[first]), 80)});
  };
  if (lines.empty()) return;
  add(0, lines.size() - 1);
  std::optional<std::size_t> begun;
  for (std::size_t i = 0; i < lines.size() && found.items.size() < kMostParts; ++i) {
    const bool begins = !lines[i].empty() && lines[i].front() != ' ' && lines[i].front() != '\t' &&
                        lines[i].front() != '}' && (i == 0 || text::is_blank(lines[i - 1]));
    if (!begins) continue;
    if (begun) add(*begun, i - 1);
    begun = i;
  }
  if (begun && *begun > 0) add(*begun, lines.size() - 1);
}

}  // namespace

Completions complete_embed(Scene& scene, Position at) {
  ChatDocument& chat = scene.chat;
  if (at.line < chat.body_line()) return {};
  if (chat.sections()[chat.section_at(at.line)].role == document::Role::kAssistant) return {};
  const auto written = read_written(chat.text().line(at.line), at.byte);
  if (!written || is_code(chat, at.line)) return {};
  Completions found{written->start, at.byte, {}, false};
  const std::size_t hash = written->text.rfind('#');
  if (hash != std::string::npos && hash > 0) {
    add_lines(scene, *written, hash, found);
  } else {
    add_names(scene, *written, found);
    add_open_files(scene, *written, found);
  }
  return found;
}

}  // namespace chatvim::lsp
