// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "chatvim/text/number.hpp"
#include "file_call.hpp"
#include "line_window.hpp"

namespace chatvim::toolbox {
namespace {

constexpr std::size_t kMostLine = 1'000'000'000;
/// A private key has several lines, and a range of them is recognized by those around it. No key is
/// longer than this.
constexpr std::uint64_t kAround = 64U << 10U;

/// Returns the places in a window that look like keys.
std::vector<embed::Secret> find_secrets(const embed::Browser& browser, const std::string& path,
                                        const std::string& name, const LineWindow& window) {
  const std::uint64_t before = std::min(window.begin, kAround);
  const auto part =
      browser.read(path, window.begin - before, before + window.text.size() + kAround);
  if (!part) return {};
  const auto breaks = std::count(
      part->begin(),
      part->begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(before, part->size())),
      '\n');
  const std::size_t first_line = window.first - static_cast<std::size_t>(breaks);
  auto secrets = browser.secrets(path, name, *part, first_line);
  std::erase_if(secrets, [&window](const embed::Secret& secret) {
    return secret.last_file_line < window.first || secret.file_line > window.last;
  });
  return secrets;
}

/// Returns the last line of a result, in brackets, or "" if the result is the whole file.
std::string note_of(const LineWindow& window) {
  const std::string count = window.is_at_end ? text::with_commas(window.lines)
                                             : "more than " + text::with_commas(window.lines);
  if (window.is_at_end && window.lines == 0) return "[the file is empty]";
  const std::string range = fmt::format("lines {}-{} of {}", window.first, window.last, count);
  if (window.is_cut) {
    return fmt::format(
        "[line {} is longer than fits and cut off; first_line = {} continues after "
        "it]",
        window.last, window.last + 1);
  }
  if (!window.has_room)
    return fmt::format("[{}; first_line = {} continues]", range, window.last + 1);
  const bool is_all = window.is_at_end && window.first == 1 && window.last == window.lines;
  return is_all ? "" : fmt::format("[{}]", range);
}

}  // namespace

FileResult read_file_lines(Arguments& arguments, const FileAccess& access,
                           embed::Browser& browser) {
  const std::string path = arguments.required_string("path", "src/main.c");
  const std::size_t first = arguments.number("first_line", 1, 1, kMostLine);
  const std::size_t last = arguments.number("last_line", kMostLine, 1, kMostLine);
  if (last < first) arguments.refuse("Send a \"last_line\" that is not before \"first_line\".");
  if (!arguments.problem().empty()) return {};
  const auto found = browser.find(path);
  if (!found) return path_error(path, found.error());
  if (found->outside) return outside_error(*found->outside);
  if (found->kind == files::Entry::Kind::kFolder) {
    return path_error(path, "it is a folder; use files.list to list it");
  }
  if (found->kind != files::Entry::Kind::kFile) {
    return path_error(path, "it is a device, a pipe or a socket, which are never read");
  }
  const auto window = read_window(browser, found->path, first, last);
  if (!window) return path_error(path, window.error());
  if (!window->no_text.empty()) return path_error(path, window->no_text);
  if (window->last < window->first && window->lines > 0) {
    const std::string why =
        window->is_at_end
            ? fmt::format("there is no line {}: the file has {}", first,
                          count_of(window->lines, "line"))
            : fmt::format("line {} is beyond the first 64 MiB of the file, all that is read",
                          first);
    return path_error(path, why);
  }
  if (!access.allows_secrets) {
    auto secrets = find_secrets(browser, found->path, path, *window);
    if (!secrets.empty()) return secret_error(std::move(secrets));
  }
  std::string text = window->text;
  const std::string note = note_of(*window);
  if (!note.empty() && !text.empty() && !text.ends_with('\n')) text += '\n';
  return {{text + note}};
}

}  // namespace chatvim::toolbox
