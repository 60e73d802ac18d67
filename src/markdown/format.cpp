// SPDX-License-Identifier: Apache-2.0
#include "chatvim/markdown/format.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "block_start.hpp"
#include "characters.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/text/width.hpp"
#include "html_block.hpp"
#include "line_head.hpp"
#include "reflow.hpp"

namespace chatvim::markdown {

namespace {

/// Containers in containers; deeper ones are left as they are.
constexpr std::size_t kMostLevels = 40;

bool is_blank(const BlockLine& line) { return text::is_blank(line.text); }

std::string_view without_slashes(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of('\\'), text.size()));
}

/// Whether a line of a paragraph is part of a table, or may be.
bool is_tabular(std::string_view line) {
  const std::string_view text = text::trim(line);
  return text.starts_with('|') || text.find_first_not_of("|:- \t") == std::string_view::npos;
}

/// Formats a document block by block. Each function takes the index of a block's first line and
/// returns that of the line after it.
class Formatter {
 public:
  explicit Formatter(const FormatOptions& options) : options_(options) {}

  std::vector<std::string> format(std::span<const std::string_view> lines) {
    std::vector<BlockLine> body;
    const std::size_t start = document::find_front_matter(lines).body_line;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i < start) {
        out_.emplace_back(lines[i]);
      } else {
        body.push_back({"", lines[i], 0});
      }
    }
    blocks(body, "", 0);
    return std::move(out_);
  }

 private:
  using Lines = std::span<const BlockLine>;

  /// `rest` is the prefix of lines that wrapping adds.
  void blocks(Lines lines, const std::string& rest, std::size_t level) {
    for (std::size_t i = 0; i < lines.size();) {
      const bool leaves =
          i > 0 && is_blank(lines[i - 1]) && !is_blank(lines[i]) && indentation_of(lines[i]) == 0;
      if (leaves && copies_at_ == level) copies_at_.reset();
      i = block(lines, i, rest, level);
    }
  }

  std::size_t block(Lines lines, std::size_t i, const std::string& rest, std::size_t level) {
    const BlockLine& line = lines[i];
    if (level > kMostLevels) return copy(lines, i, lines.size());
    if (is_blank(line) || is_special(line) || indentation_of(line) >= kCodeColumns ||
        is_heading(line) || is_rule(line)) {
      return copy(lines, i, i + 1);
    }
    if (const auto fence = fence_start(line)) return code(lines, i, *fence);
    if (const auto html = html_start(text::trim(line.text), HtmlPlace::kAnywhere)) {
      return markup(lines, i, *html);
    }
    if (is_quote(line)) return quote(lines, i, rest, level);
    if (const auto start = item_start(line)) return item(lines, i, *start, rest, level);
    return paragraph(lines, i, rest);
  }

  std::size_t copy(Lines lines, std::size_t from, std::size_t to) {
    for (; from < to; ++from) out_.push_back(lines[from].prefix + std::string(lines[from].text));
    return to;
  }

  std::size_t code(Lines lines, std::size_t i, const FenceStart& fence) {
    std::size_t end = i + 1;
    while (end < lines.size() && !closes(lines[end], fence)) ++end;
    return copy(lines, i, std::min(end + 1, lines.size()));
  }

  static bool closes(const BlockLine& line, const FenceStart& fence) {
    return indentation_of(line) < kCodeColumns &&
           closes_fence(line.text, fence.character, fence.length);
  }

  std::size_t markup(Lines lines, std::size_t i, const HtmlStart& start) {
    std::size_t end = i;
    if (start.marker.empty()) {
      while (end < lines.size() && !is_blank(lines[end])) ++end;
      return copy(lines, i, end);
    }
    while (end < lines.size() && !ends_html(lines[end].text, start)) ++end;
    return copy(lines, i, std::min(end + 1, lines.size()));
  }

  std::size_t quote(Lines lines, std::size_t i, const std::string& rest, std::size_t level) {
    std::vector<BlockLine> inner;
    std::size_t end = i;
    bool splits_tab = false;
    for (; end < lines.size() && is_quote(lines[end]); ++end) {
      const std::size_t size = lines[end].text.find('>') + 1;
      const bool has_space = lines[end].text.substr(size).find_first_of(" \t") == 0;
      auto stripped = strip(lines[end], size, has_space ? 1 : 0);
      splits_tab = splits_tab || !stripped;
      if (stripped) inner.push_back(std::move(*stripped));
    }
    if (splits_tab || is_continued(lines, end)) return copy_continued(lines, i, end);
    blocks(inner, rest + indentation_text(lines[i]) + "> ", level + 1);
    return end;
  }

  std::size_t item(Lines lines, std::size_t i, const ItemStart& start, const std::string& rest,
                   std::size_t level) {
    std::vector<BlockLine> inner;
    auto first = strip(lines[i], start.size, start.is_empty ? 0 : start.columns);
    // The content's column, from where `lines` begin.
    const std::size_t columns = columns_of(lines[i], start.size) + start.columns;
    bool splits_tab = !first;
    if (first) inner.push_back(std::move(*first));
    const std::size_t end = end_of_item(lines, i, columns);
    for (std::size_t at = i + 1; at < end; ++at) {
      auto stripped = strip_at_most(lines[at], columns);
      splits_tab = splits_tab || !stripped;
      if (stripped) inner.push_back(std::move(*stripped));
    }
    if (splits_tab || is_continued(lines, end)) {
      if (!copies_at_) copies_at_ = level;
      return copy_continued(lines, i, end);
    }
    blocks(inner, rest + std::string(columns, ' '), level + 1);
    return end;
  }

  static std::size_t columns_of(const BlockLine& line, std::size_t bytes) {
    const auto after = strip(line, bytes, 0);
    return after ? after->column - line.column : bytes;
  }

  static std::optional<BlockLine> strip_at_most(const BlockLine& line, std::size_t columns) {
    return strip(line, 0, std::min(columns, indentation_of(line)));
  }

  /// Returns the end of the lines that are indented like the item's content, without the blank
  /// lines after them.
  std::size_t end_of_item(Lines lines, std::size_t i, std::size_t columns) const {
    std::size_t end = i + 1;
    for (std::size_t at = i + 1; at < lines.size(); ++at) {
      if (is_blank(lines[at])) {
        // An item may begin with one blank line, its marker's, and no more.
        if (at == i + 1 && is_blank_after_marker(lines[i])) break;
        continue;
      }
      if (is_special(lines[at]) || indentation_of(lines[at]) < columns) break;
      end = at + 1;
    }
    return end;
  }

  static bool is_blank_after_marker(const BlockLine& line) {
    const auto start = item_start(line);
    return start && start->is_empty;
  }

  /// Whether the line at `end` continues a paragraph of the container above it, without its marker
  /// ("lazy continuation").
  bool is_continued(Lines lines, std::size_t end) const {
    if (end >= lines.size() || is_blank(lines[end])) return false;
    return !is_blank(lines[end - 1]) && !begins_block(lines[end]);
  }

  /// Copies a container, and the lines that may continue its last paragraph.
  std::size_t copy_continued(Lines lines, std::size_t i, std::size_t end) {
    copy(lines, i, end);
    if (!is_continued(lines, end)) return end;
    return copy(lines, end, end_of_paragraph(lines, end));
  }

  std::size_t end_of_paragraph(Lines lines, std::size_t i) const {
    std::size_t end = i + 1;
    while (end < lines.size() && !is_blank(lines[end]) && !is_special(lines[end])) {
      if (is_underline(lines[end])) return end + 1;
      if (interrupts_paragraph(lines[end])) return end;
      ++end;
    }
    return end;
  }

  std::size_t paragraph(Lines lines, std::size_t i, const std::string& rest) {
    // GitHub's alerts: `[!NOTE]` on a line of its own.
    if (lines[i].text.starts_with("[!")) return copy(lines, i, i + 1);
    const std::size_t end = end_of_paragraph(lines, i);
    const Lines own = lines.subspan(i, end - i);
    const std::string text = join(own);
    const std::string first = lines[i].prefix + indentation_text(lines[i]);
    const Fill fill{room_after(first), room_after(rest),
                    [this](std::string_view word) { return is_unfit(word); }};
    const bool is_part = is_text_of_chat(lines, end) || (i > 0 && is_text_of_chat(lines, i - 1));
    if (copies_at_ || is_part || !is_prose(own, text) || !can_reflow(text, fill))
      return copy(lines, i, end);
    bool is_first = true;
    for (const std::string& line : reflow(text, fill)) {
      out_.push_back((std::exchange(is_first, false) ? first : rest) + line);
    }
    return end;
  }

  static std::string indentation_text(const BlockLine& line) {
    return std::string(line.text.substr(0, line.text.find_first_not_of(" \t")));
  }

  std::size_t room_after(std::string_view prefix) const {
    const std::size_t cells = text::cells_of(prefix);
    return options_.width > cells ? options_.width - cells : 0;
  }

  /// Joins the lines of a paragraph, without the white space that they begin with.
  static std::string join(Lines lines) {
    std::string text;
    for (const BlockLine& line : lines) {
      if (&line != &lines.front()) text += '\n';
      text += line.text.substr(std::min(line.text.find_first_not_of(" \t"), line.text.size()));
    }
    return text;
  }

  /// Whether the lines are a paragraph of prose: no heading with an underline, no table, nothing
  /// that an extension reads line by line.
  static bool is_prose(Lines lines, std::string_view text) {
    // The name of a definition may go over lines.
    if (text.starts_with('[') && text.find("]:") != std::string_view::npos) return false;
    if (lines.size() > 1 && is_underline(lines.back())) return false;
    return std::none_of(lines.begin(), lines.end(), [](const BlockLine& line) {
      return is_tabular(line.text) || is_extension_line(line);
    });
  }

  /// Whether a line means something in a chat, or would without the `\` that it begins with.
  bool is_special(const BlockLine& line) const {
    if (!line.prefix.empty()) return false;
    const std::string_view text = without_slashes(text::trim_end(line.text));
    if (text == document::kTomlMarker || text == document::kYamlMarker ||
        text == document::kYamlEnd) {
      return true;
    }
    return std::any_of(options_.delimiters.begin(), options_.delimiters.end(),
                       [text](const std::string& one) { return without_slashes(one) == text; });
  }

  /// Whether the line means something in a chat, but for markdown is text of the paragraph around
  /// it.
  bool is_text_of_chat(Lines lines, std::size_t i) const {
    return i < lines.size() && is_special(lines[i]) && !interrupts_paragraph(lines[i]);
  }

  bool is_unfit(std::string_view word) const {
    if (looks_like_block(word)) return true;
    const std::string_view bare = without_slashes(word);
    return std::any_of(options_.delimiters.begin(), options_.delimiters.end(),
                       [bare](const std::string& one) {
                         const std::string_view line = without_slashes(one);
                         return line.substr(0, line.find(' ')) == bare;
                       });
  }

  const FormatOptions& options_;
  std::vector<std::string> out_;
  /// The level of an item that was copied because it could not be divided. What follows may belong
  /// to it, so paragraphs are copied too, until a line that begins in the first column.
  std::optional<std::size_t> copies_at_;
};

bool has_windows_line_ends(std::span<const std::string_view> lines) {
  return lines.size() > 1 && std::all_of(lines.begin(), lines.end() - 1, [](std::string_view line) {
           return line.ends_with('\r');
         });
}

}  // namespace

std::string format(std::string_view text, const FormatOptions& options) {
  std::string out;
  if (text.starts_with(text::kByteOrderMark)) {
    out = text::kByteOrderMark;
    text.remove_prefix(text::kByteOrderMark.size());
  }
  std::vector<std::string_view> lines;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  const bool windows = has_windows_line_ends(lines);
  if (windows) {
    for (std::string_view& line : lines) line = text::without_returns(line);
  }
  const std::string_view line_break = windows ? "\r\n" : "\n";
  bool is_first = true;
  for (const std::string& line : Formatter(options).format(lines)) {
    if (!std::exchange(is_first, false)) out += line_break;
    out += line;
  }
  return out;
}

}  // namespace chatvim::markdown
