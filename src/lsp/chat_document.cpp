// SPDX-License-Identifier: Apache-2.0
#include "chat_document.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "chatvim/chat/configuration.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/settings/schema.hpp"
#include "chatvim/text/lines.hpp"
#include "features.hpp"

namespace chatvim::lsp {

namespace {

using document::FrontMatterKind;

/// Lines after the front matter that are looked at for one that is not at the start of the file.
constexpr std::size_t kLinesBelow = 80;
/// The longest front matter that is completed before it is closed, in lines.
constexpr std::size_t kMostUnclosed = 200;
/// A document of so few lines is only just begun.
constexpr std::size_t kShortest = 4;
/// Settings that only a chat's front matter has, and those that no other one is likely to have.
constexpr std::array<std::string_view, 4> kTelling = {"model", "userDelimiter",
                                                      "assistantDelimiter", "systemDelimiter"};

FrontMatterKind kind_of(std::string_view first_line) {
  const std::string_view marker = text::trim_end(first_line);
  if (marker == document::kTomlMarker) return FrontMatterKind::kToml;
  return marker == document::kYamlMarker ? FrontMatterKind::kYaml : FrontMatterKind::kNone;
}

bool is_chat_name(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.starts_with("chat-") && name.ends_with(".md");
}

settings::Scope scope_of(const std::string& path, const Environment& environment) {
  const std::string folder = chat::configuration_folder(environment);
  const bool is_own = !folder.empty() && path.starts_with(folder + "/");
  if (is_own && path == folder + "/config.md") return settings::Scope::kConfigFile;
  return is_own ? settings::Scope::kConfiguration : settings::Scope::kDocument;
}

}  // namespace

ChatDocument::ChatDocument(std::string uri, std::int64_t version, std::string_view text,
                           Surroundings around)
    : uri_(std::move(uri)),
      path_(path_of_uri(uri_)),
      version_(version),
      text_(text),
      around_(std::move(around)),
      scope_(scope_of(path_, around_.environment)) {}

void ChatDocument::replace(Range range, std::string_view with, std::int64_t version) {
  note(text_.replace(range, with), version);
}

void ChatDocument::replace_all(std::string_view with, std::int64_t version) {
  note(text_.replace_all(with), version);
}

void ChatDocument::note(const Edit& edit, std::int64_t version) {
  // Helix 25.01 sends two changes at once in either order. It drops diagnostics of the lower
  // version.
  version_ = std::max(version_, version);
  changed_ = true;
  const std::size_t first = edit.range.start.line;
  // An edit may close front matter that is open, or change the first line of the body, which can be
  // the marker of front matter that has slipped down.
  const bool open = front_matter_read_ && body_line_ == 0 && kind_ != FrontMatterKind::kNone;
  if (first < std::max<std::size_t>(body_line_, 1) || open) {
    front_matter_read_ = false;
    reading_.reset();
    sections_.clear();
  } else {
    if (first < body_line_ + kLinesBelow && kind_ == FrontMatterKind::kNone) reading_.reset();
    if (!sections_.empty()) {
      update_sections(first, edit.range.end.line + 1, edit.new_end.line + 1);
    }
  }
  if (on_edit) on_edit(edit);
}

std::vector<std::string_view> ChatDocument::views() const {
  return {text_.lines().begin(), text_.lines().end()};
}

void ChatDocument::read_front_matter() {
  if (front_matter_read_) return;
  front_matter_read_ = true;
  kind_ = kind_of(text_.line(0));
  body_line_ = 0;
  if (kind_ != FrontMatterKind::kNone) {
    body_line_ = document::find_front_matter(views()).body_line;
  }
}

document::FrontMatterKind ChatDocument::front_matter_kind() {
  read_front_matter();
  return kind_;
}

std::size_t ChatDocument::body_line() {
  read_front_matter();
  return body_line_;
}

bool ChatDocument::is_in_front_matter(std::size_t line) {
  read_front_matter();
  if (kind_ == FrontMatterKind::kNone || line == 0) return false;
  if (body_line_ > 0) return line + 1 < body_line_;
  if (line > kMostUnclosed) return false;
  // Unclosed front matter ends at the first line that is not a setting.
  for (std::size_t i = 1; i < line; ++i) {
    const std::string_view above = text::trim(text_.line(i));
    const bool is_other =
        above.empty() || std::string_view("#[]-}\"").find(above.front()) != std::string_view::npos;
    const auto setting = read_setting_line(above);
    if (document::delimiter_role(above, format_) || !(is_other || (setting && setting->has_sign))) {
      return false;
    }
  }
  return true;
}

bool ChatDocument::has_only_settings() {
  read_front_matter();
  const std::size_t end = body_line_ > 0 ? body_line_ - 1 : text_.lines().size();
  bool any = false;
  for (std::size_t i = 1; i < end && is_in_front_matter(i); ++i) {
    const auto setting = read_setting_line(text_.line(i));
    if (!setting || !setting->has_sign) continue;
    any = true;
    const auto* option = settings::find_option(settings::schema(), setting->key);
    if (option == nullptr || option->shared) return false;
  }
  // A rule at the start of a page opens YAML front matter too.
  return any || kind_ == FrontMatterKind::kToml || text_.lines().size() <= kShortest;
}

const chat::ChatReading& ChatDocument::reading() {
  if (reading_) return *reading_;
  const auto& lines = text_.lines();
  const std::size_t count = std::min(lines.size(), body_line() + kLinesBelow);
  const std::vector<std::string_view> head(lines.begin(),
                                           lines.begin() + static_cast<std::ptrdiff_t>(count));
  reading_ = chat::read_chat(head, {around_.editor, {}}, around_.environment, origin());
  if (scope_ != settings::Scope::kDocument) {
    // Its own settings are in the configuration too, where they may do more.
    const auto part = chat::read_part(head, scope_);
    reading_->document_layer = part.layer;
    reading_->diagnostics = part.layer.diagnostics;
  }
  if (reading_->chat) {
    const auto& fresh = reading_->chat->format;
    const bool same = fresh.user_delimiter == format_.user_delimiter &&
                      fresh.assistant_delimiter == format_.assistant_delimiter &&
                      fresh.system_delimiter == format_.system_delimiter;
    format_ = fresh;
    if (!same) sections_.clear();
  }
  return *reading_;
}

const chat::Chat* ChatDocument::usable() {
  if (reading().chat) return &*reading_->chat;
  if (!without_own_) {
    without_own_ = chat::read_chat({}, {around_.editor, {}}, around_.environment, origin());
  }
  return without_own_->chat ? &*without_own_->chat : nullptr;
}

const document::Format& ChatDocument::format() {
  reading();
  return format_;
}

bool ChatDocument::is_chat() {
  if (is_chat_name(path_) || scope_ != settings::Scope::kDocument) return true;
  for (std::size_t i = 1; i + 1 < body_line(); ++i) {
    std::string_view line = text::trim(text_.line(i));
    if (line.starts_with('"') || line.starts_with('\'')) line.remove_prefix(1);
    const std::string_view key = line.substr(0, line.find_first_of("\"' =:\t"));
    const bool tells = std::find(kTelling.begin(), kTelling.end(), key) != kTelling.end();
    if (tells && line.find_first_of("=:") != std::string_view::npos) return true;
  }
  return sections().size() > 1 || sections().front().has_delimiter;
}

std::vector<Section>& ChatDocument::sections() {
  format();
  if (sections_.empty()) read_sections();
  return sections_;
}

void ChatDocument::read_sections() {
  sections_.push_back({document::Role::kUser, body_line(), false, {}});
  update_sections(body_line(), body_line(), text_.lines().size());
}

/// Brings the sections in line with an edit: the lines from `first` to `last` have become those up
/// to `new_last`.
void ChatDocument::update_sections(std::size_t first, std::size_t last, std::size_t new_last) {
  const auto is_before = [](const Section& section, std::size_t line) {
    return section.start < line;
  };
  const auto begin = sections_.begin() + (sections_.front().has_delimiter ? 0 : 1);
  auto from = std::lower_bound(begin, sections_.end(), first, is_before);
  const auto to = std::lower_bound(from, sections_.end(), last, is_before);
  for (auto at = to; at != sections_.end(); ++at) at->start = at->start - last + new_last;
  if (from != sections_.begin()) std::prev(from)->tokens.reset();
  std::vector<Section> fresh;
  for (std::size_t i = first; i < new_last; ++i) {
    if (const auto role = document::delimiter_role(text_.line(i), format_)) {
      fresh.push_back({*role, i, true, {}});
    }
  }
  from = sections_.erase(from, to);
  sections_.insert(from, fresh.begin(), fresh.end());
}

std::size_t ChatDocument::section_at(std::size_t line) {
  const auto& all = sections();
  const auto after = std::upper_bound(
      all.begin(), all.end(), line,
      [](std::size_t wanted, const Section& section) { return wanted < section.start; });
  return after == all.begin() ? 0 : static_cast<std::size_t>(after - all.begin()) - 1;
}

std::size_t ChatDocument::end_of(std::size_t section) {
  const auto& all = sections();
  return section + 1 < all.size() ? all[section + 1].start : text_.lines().size();
}

document::Message ChatDocument::message_of(std::size_t section) {
  const Section& found = sections()[section];
  const std::size_t first = found.start;
  const auto begin = text_.lines().begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = text_.lines().begin() + static_cast<std::ptrdiff_t>(end_of(section));
  const std::vector<std::string_view> lines(begin, end);
  auto messages = document::read_messages(lines, format_);
  if (messages.empty()) return {found.role, "", found.first_line()};
  document::move_lines(messages.back(), first);
  return std::move(messages.back());
}

std::vector<document::Embed> ChatDocument::embeds_of(std::size_t section) {
  if (sections()[section].role == document::Role::kAssistant) return {};
  const auto& lines = text_.lines();
  const auto is_link = [](const std::string& line) {
    // Most lines are prose, so they are not searched to their end.
    const std::size_t start = line.find_first_not_of(' ');
    return start < 4 && line.compare(start, 2, "![") == 0;
  };
  const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(sections()[section].start);
  const auto end = lines.begin() + static_cast<std::ptrdiff_t>(end_of(section));
  if (std::none_of(begin, end, is_link)) return {};
  const auto message = message_of(section);
  auto embeds = document::find_embeds(message.content);
  for (auto& embed : embeds) embed.line += message.line;
  return embeds;
}

chat::Origin ChatDocument::origin() const {
  chat::Origin origin;
  origin.file = path_;
  origin.folder = around_.folder;
  if (origin.folder.empty()) origin.folder = path_.substr(0, path_.rfind('/'));
  origin.remembers = true;
  origin.asks = true;
  return origin;
}

}  // namespace chatvim::lsp
