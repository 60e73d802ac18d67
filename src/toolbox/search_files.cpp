// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "chatvim/glob/wildcard.hpp"
#include "chatvim/text/number.hpp"
#include "file_call.hpp"
#include "text_matcher.hpp"

namespace chatvim::toolbox {
namespace {

constexpr std::size_t kMostTexts = 8;
constexpr std::size_t kMostTextBytes = 1000;
constexpr std::size_t kMostContext = 10;
constexpr std::size_t kUsualFound = 100;
constexpr std::size_t kMostFound = 500;
constexpr std::size_t kMostFolders = 64;
/// The budget of one call.
constexpr std::size_t kMostFiles = 1000;
constexpr std::size_t kMostNamesSeen = 20'000;
constexpr std::uint64_t kMostBytes = 16U << 20U;
/// Bytes of a file in a folder, and of a file that is searched alone.
constexpr std::uint64_t kMostFileBytes = 4U << 20U;
constexpr std::uint64_t kMostSingleBytes = kMostBytes;
/// Bytes at the start of a file in which a NUL makes it binary, as for git.
constexpr std::size_t kBinaryHead = 8000;

/// What is searched for.
struct Query {
  TextMatcher matcher;
  std::string glob;
  std::size_t context = 0;
  std::size_t maximum = kUsualFound;
  bool allows_secrets = false;
};

/// One search: the lines found so far, and what it has cost.
class FileSearch {
 public:
  FileSearch(embed::Browser& browser, const Query& query) : browser_(browser), query_(query) {}

  /// Searches a folder and those below it. `prefix` is its path for display and `below` its path in
  /// the first folder, both with a slash at the end unless empty. `after` is the path below this
  /// folder at which an earlier search ended; empty to search everything.
  void search_folder(const std::string& path, const std::string& prefix, const std::string& below,
                     std::string_view after, std::size_t depth) {
    const auto list = browser_.list(path, kMostNamesSeen);
    if (!list || depth > kMostFolders) {
      ++unread_;
      return;
    }
    names_ += list->entries.size();
    const std::string_view next = after.substr(0, after.find('/'));
    for (const embed::FolderEntry& entry : list->entries) {
      if (is_over_) return;
      if (!after.empty() && entry.name < next) continue;
      const bool is_next = !after.empty() && entry.name == next;
      const std::string_view rest =
          is_next ? after.substr(std::min(next.size() + 1, after.size())) : std::string_view();
      if (is_next && rest.empty()) continue;
      if (!entry.reason.empty()) {
        unread_ += entry.is_folder ? 0 : 1;
      } else if (entry.is_folder) {
        search_folder(entry.path, prefix + entry.name + "/", below + entry.name + "/", rest,
                      depth + 1);
      } else if (is_wanted(below + entry.name)) {
        search_file(entry.path, prefix + entry.name, kMostFileBytes);
      }
    }
  }

  /// Searches one file.
  void search_file(const std::string& path, const std::string& name, std::uint64_t most) {
    if (files_ == kMostFiles || bytes_ >= kMostBytes || names_ > kMostNamesSeen) {
      is_over_ = true;
      return;
    }
    ++files_;
    if (most < kMostSingleBytes && browser_.size(path) > most) {
      ++too_large_;
      last_ = name;
      return;
    }
    const auto bytes = browser_.read(path, 0, most + 1);
    if (!bytes) return note_unread(bytes.error());
    bytes_ += bytes->size();
    is_part_ = bytes->size() > most;
    if (bytes->find('\0') < kBinaryHead) {
      ++binary_;
    } else {
      add_lines(path, name, *bytes);
    }
    if (!is_over_) last_ = name;
  }

  FileResult finish() && {
    if (!unsaved_.empty()) {
      FileResult result = file_error(fmt::format(
          "{} unsaved changes in the editor, which are needed.",
          unsaved_.size() == 1 ? "A file has" : count_of(unsaved_.size(), "file") + " have"));
      result.unsaved = std::move(unsaved_);
      return result;
    }
    if (!secrets_.empty()) return secret_error(std::move(secrets_));
    const std::string note = note_of();
    return {{text_ + (note.empty() ? "" : "[" + note + "]")}};
  }

 private:
  bool is_wanted(const std::string& below) const {
    if (query_.glob.empty()) return true;
    const bool is_name = query_.glob.find('/') == std::string::npos;
    return glob::matches(query_.glob, is_name ? glob::base_name(below) : std::string_view(below));
  }

  void note_unread(const Error& error) {
    if (error.code == ErrorCode::kUnsaved) {
      unsaved_.push_back(error.message);
    } else {
      ++unread_;
    }
  }

  void add_lines(const std::string& path, const std::string& name, std::string_view bytes) {
    // One more than wanted tells whether there are more.
    auto found = query_.matcher.find(bytes, query_.maximum - found_ + 1);
    if (found.empty()) return;
    const bool has_more = found.size() > query_.maximum - found_;
    if (has_more) found.pop_back();
    const std::size_t first_shown = text_.size();
    Shown shown = show(name, bytes, found);
    if (!query_.allows_secrets) note_secrets(path, name, bytes, shown);
    const bool fits = text_.size() + shown.text.size() <= kMostText &&
                      lines_ + shown.lines.size() <= kMostTextLines;
    if (fits) {
      text_ += shown.text;
      lines_ += shown.lines.size() + shown.gaps;
      found_ += found.size();
    }
    if (has_more || !fits) {
      is_over_ = true;
      // A file that alone is too much would be found again and again.
      if (has_more || first_shown == 0) last_ = name;
      if (!fits && first_shown == 0) take_part(shown);
      more_in_ = has_more || first_shown == 0 ? name : "";
    }
  }

  /// The lines of a file as they are shown, and their numbers.
  struct Shown {
    std::string text;
    std::vector<std::size_t> lines;
    std::size_t gaps = 0;
  };

  Shown show(const std::string& name, std::string_view bytes,
             const std::vector<FoundLine>& found) const {
    Shown shown;
    std::size_t done = 0;  // the number of the last line shown
    const std::string label = shown_path(name);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::size_t next = i + 1 < found.size() ? found[i + 1].number : SIZE_MAX;
      const std::size_t first =
          std::max(done + 1, found[i].number - std::min(found[i].number - 1, query_.context));
      if (done > 0 && first > done + 1 && query_.context > 0) {
        shown.text += "--\n";
        ++shown.gaps;
      }
      std::size_t begin = found[i].begin;
      for (std::size_t line = found[i].number; line > first; --line) {
        begin = begin < 2 ? 0 : bytes.rfind('\n', begin - 2) + 1;
      }
      const std::size_t last = std::min(found[i].number + query_.context, next - 1);
      for (std::size_t line = first; line <= last && begin < bytes.size(); ++line) {
        const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
        const bool is_found = line == found[i].number;
        shown.text += fmt::format(
            "{0}{1}{2}{1} {3}\n", label, is_found ? ':' : '-', line,
            shown_line(bytes.substr(begin, end - begin), is_found ? found[i].at - begin : 0));
        shown.lines.push_back(line);
        done = line;
        begin = end + 1;
      }
    }
    return shown;
  }

  /// Adds as many of a file's lines as fit.
  void take_part(const Shown& shown) {
    std::size_t end = 0;
    for (std::size_t lines = 0; lines < kMostTextLines; ++lines) {
      const std::size_t line_break = shown.text.find('\n', end);
      if (line_break == std::string::npos || line_break + 1 > kMostText) break;
      end = line_break + 1;
    }
    text_ = shown.text.substr(0, end);
    ++found_;
  }

  void note_secrets(const std::string& path, const std::string& name, std::string_view bytes,
                    const Shown& shown) {
    for (embed::Secret& secret : browser_.secrets(path, name, bytes, 1)) {
      const auto line = std::lower_bound(shown.lines.begin(), shown.lines.end(), secret.file_line);
      if (line != shown.lines.end() && *line <= secret.last_file_line) {
        secrets_.push_back(std::move(secret));
      }
    }
  }

  /// Returns what the last line says, without its brackets.
  std::string note_of() const {
    std::string note;
    const auto add = [&note](const std::string& part) {
      note += (note.empty() ? "" : "; ") + part;
    };
    if (found_ == 0) {
      add(
          fmt::format("nothing found in {}; the text is matched as it is, not as a regular "
                      "expression",
                      count_of(files_, "file")));
    }
    if (!more_in_.empty()) add(fmt::format("there are more in {}", shown_path(more_in_)));
    if (is_over_) {
      add(last_.empty() ? "the search ended early: name a narrower path or glob"
                        : fmt::format("the search ended early: narrow it, or continue with after = "
                                      "\"{}\"",
                                      shown_path(last_)));
    }
    if (is_part_) add("only the first 16 MiB of the file were searched");
    if (too_large_ > 0) add(count_of(too_large_, "file") + " of more than 4 MiB not searched");
    if (binary_ > 0 && found_ == 0) add(count_of(binary_, "binary file") + " not searched");
    if (unread_ > 0) add(count_of(unread_, "file or folder") + " not allowed or not readable");
    return note;
  }

  embed::Browser& browser_;
  const Query& query_;
  std::string text_;
  std::string last_;     ///< the last file that was searched
  std::string more_in_;  ///< the file in which not all lines were taken
  std::size_t found_ = 0;
  std::size_t lines_ = 0;
  std::size_t files_ = 0;
  std::size_t names_ = 0;
  std::uint64_t bytes_ = 0;
  std::size_t too_large_ = 0;
  std::size_t binary_ = 0;
  std::size_t unread_ = 0;
  bool is_over_ = false;  ///< it ended early
  bool is_part_ = false;  ///< the file that is searched alone is too large
  std::vector<embed::Secret> secrets_;
  std::vector<std::string> unsaved_;
};

/// Reads the texts to find, at least one.
std::vector<std::string> read_texts(Arguments& arguments) {
  std::vector<std::string> texts = arguments.strings("or", kMostTexts);
  texts.insert(texts.begin(), arguments.required_string("text", "parse_config("));
  for (const std::string& text : texts) {
    const bool is_good = !text.empty() && text.size() <= kMostTextBytes &&
                         text.find_first_of("\r\n") == std::string::npos;
    if (!is_good) arguments.refuse("Send texts of one line, of 1 to 1,000 bytes.");
  }
  return texts;
}

}  // namespace

FileResult search_files(Arguments& arguments, const FileAccess& access, embed::Browser& browser) {
  const auto texts = read_texts(arguments);
  const std::string path = arguments.string("path", "");
  std::string after = arguments.string("after", "");
  const bool whole_word = arguments.boolean("whole_word");
  const std::string glob = arguments.string("glob", "");
  if (glob.size() > kMostTextBytes) arguments.refuse("Send a shorter \"glob\".");
  const std::size_t context = arguments.number("context", 0, 0, kMostContext);
  const std::size_t maximum = arguments.number("maximum", kUsualFound, 1, kMostFound);
  if (!arguments.problem().empty()) return {};
  const auto found = browser.find(path);
  if (!found) return path_error(path, found.error());
  if (found->outside) return outside_error(*found->outside);
  const Query query{TextMatcher(texts, whole_word), glob, context, maximum, access.allows_secrets};
  FileSearch search(browser, query);
  if (found->kind == files::Entry::Kind::kFolder) {
    const bool is_here = path.empty() || path == "." || path == "./";
    const std::string prefix = is_here ? "" : path + (path.ends_with('/') ? "" : "/");
    if (after.starts_with(prefix)) after.erase(0, prefix.size());
    search.search_folder(found->path, prefix, "", after, 1);
  } else if (found->kind == files::Entry::Kind::kFile) {
    search.search_file(found->path, path, kMostSingleBytes);
  } else {
    return path_error(path, "it is a device, a pipe or a socket, which are never read");
  }
  return std::move(search).finish();
}

}  // namespace chatvim::toolbox
