// SPDX-License-Identifier: Apache-2.0
#include "html_block.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "characters.hpp"

namespace chatvim::markdown {

namespace {

/// Elements whose tags begin a block anywhere (condition 6).
constexpr std::string_view kBlockNames[] = {
    "address",  "article",  "aside",    "base",       "basefont", "blockquote", "body",   "caption",
    "center",   "col",      "colgroup", "dd",         "details",  "dialog",     "dir",    "div",
    "dl",       "dt",       "fieldset", "figcaption", "figure",   "footer",     "form",   "frame",
    "frameset", "h1",       "h2",       "h3",         "h4",       "h5",         "h6",     "head",
    "header",   "hr",       "html",     "iframe",     "legend",   "li",         "link",   "main",
    "menu",     "menuitem", "nav",      "noframes",   "ol",       "optgroup",   "option", "p",
    "param",    "search",   "section",  "source",     "summary",  "table",      "tbody",  "td",
    "tfoot",    "th",       "thead",    "title",      "tr",       "track",      "ul"};

/// Elements whose text is not markdown (condition 1), and what ends them.
constexpr std::pair<std::string_view, std::string_view> kRawNames[] = {
    {"script", "</script>"}, {"pre", "</pre>"}, {"style", "</style>"}, {"textarea", "</textarea>"}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& character : out) {
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  }
  return out;
}

bool is_raw(std::string_view name) {
  const std::string folded = lower(name);
  return std::any_of(std::begin(kRawNames), std::end(kRawNames),
                     [&folded](const auto& raw) { return raw.first == folded; });
}

/// Reads a tag piece by piece.
class TagReader {
 public:
  explicit TagReader(std::string_view text) : text_(text) {}

  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  std::string_view take_any(std::string_view characters) {
    const auto taken = text_.substr(0, std::min(text_.find_first_not_of(characters), text_.size()));
    text_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view take_until(std::string_view characters) {
    const auto taken = text_.substr(0, std::min(text_.find_first_of(characters), text_.size()));
    text_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view take_name() {
    if (text_.empty() || !is_letter(text_[0])) return {};
    return take_any("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
  }
  bool take_space() { return !take_any(" \t").empty(); }
  bool at_end() const { return text_.empty(); }
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

bool take_value(TagReader& reader) {
  for (const std::string_view quote : {"\"", "'"}) {
    if (!reader.take(quote)) continue;
    reader.take_until(quote);
    return reader.take(quote);
  }
  return !reader.take_until(" \t\"'=<>`").empty();
}

bool take_attributes(TagReader& reader) {
  while (reader.take_space()) {
    const std::string_view name = reader.take_until(" \t\"'=<>`/");
    if (name.empty()) return true;
    if (!is_letter(name[0]) && name[0] != '_' && name[0] != ':') return false;
    TagReader after = reader;
    after.take_space();
    if (!after.take("=")) continue;
    after.take_space();
    reader = after;
    if (!take_value(reader)) return false;
  }
  return true;
}

/// Whether the line is one tag and nothing else (condition 7).
bool is_tag(std::string_view line) {
  TagReader reader(line);
  if (!reader.take("<")) return false;
  const bool closes = reader.take("/");
  const std::string_view name = reader.take_name();
  if (name.empty() || is_raw(name)) return false;
  if (closes) {
    reader.take_space();
  } else {
    if (!take_attributes(reader)) return false;
    reader.take("/");
  }
  return reader.take(">") && reader.at_end();
}

/// Conditions 2 to 5: comments, instructions, declarations.
std::optional<HtmlStart> markup_start(std::string_view line) {
  if (line.starts_with("<!--")) return HtmlStart{"-->"};
  if (line.starts_with("<?")) return HtmlStart{"?>"};
  if (line.starts_with("<![CDATA[")) return HtmlStart{"]]>"};
  if (line.starts_with("<!") && line.size() > 2 && is_letter(line[2])) return HtmlStart{">"};
  return std::nullopt;
}

/// Conditions 1 and 6: elements with certain names.
std::optional<HtmlStart> element_start(std::string_view line) {
  TagReader reader(line);
  reader.take("<");
  const bool closes = reader.take("/");
  const std::string name = lower(reader.take_name());
  const std::string_view rest = reader.rest();
  const bool is_whole = rest.empty() || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '>';
  for (const auto& [raw, end] : kRawNames) {
    if (name == raw && !closes && is_whole) return HtmlStart{end};
  }
  if (!is_whole && !rest.starts_with("/>")) return std::nullopt;
  const bool is_block =
      std::find(std::begin(kBlockNames), std::end(kBlockNames), name) != std::end(kBlockNames);
  return is_block ? std::optional(HtmlStart{}) : std::nullopt;
}

}  // namespace

std::optional<HtmlStart> html_start(std::string_view line, HtmlPlace place) {
  if (!line.starts_with('<')) return std::nullopt;
  if (const auto start = markup_start(line)) return start;
  if (const auto start = element_start(line)) return start;
  if (place == HtmlPlace::kAnywhere && is_tag(line)) return HtmlStart{};
  return std::nullopt;
}

bool ends_html(std::string_view line, const HtmlStart& start) {
  // The four elements of condition 1 end each other's blocks.
  if (!start.marker.starts_with("</")) return line.find(start.marker) != std::string_view::npos;
  const std::string text = lower(line);
  return std::any_of(std::begin(kRawNames), std::end(kRawNames), [&text](const auto& raw) {
    return text.find(raw.second) != std::string::npos;
  });
}

}  // namespace chatvim::markdown
