// SPDX-License-Identifier: Apache-2.0
// What several features share.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/document/fence.hpp"
#include "chatvim/text/fold.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/tokens/tokens.hpp"
#include "features.hpp"

namespace chatvim::lsp {

namespace {

/// Longest title of a message, in bytes.
constexpr std::size_t kMostTitle = 80;
/// Longest line that is compared with the delimiters, in bytes.
constexpr std::size_t kMostDelimiter = 60;

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

}  // namespace

std::optional<SettingLine> read_setting_line(std::string_view line) {
  SettingLine found;
  found.key_start = line.find_first_not_of(" \t");
  if (found.key_start == std::string_view::npos) return std::nullopt;
  const char quote = line[found.key_start];
  if (quote == '#' || quote == '[') return std::nullopt;
  const bool is_quoted = quote == '"' || quote == '\'';
  const std::size_t from = found.key_start + (is_quoted ? 1 : 0);
  std::size_t to = from;
  while (to < line.size() && is_key_character(line[to])) ++to;
  found.key = line.substr(from, to - from);
  found.key_start = from;
  found.key_end = to;
  if (is_quoted && to < line.size() && line[to] == quote) ++to;
  const std::size_t sign = line.find_first_not_of(" \t", to);
  found.has_sign = sign != std::string_view::npos && (line[sign] == '=' || line[sign] == ':');
  if (!found.has_sign && sign != std::string_view::npos) return std::nullopt;
  const std::size_t value = found.has_sign ? line.find_first_not_of(" \t", sign + 1) : line.size();
  found.value_start = std::min(value, line.size());
  return found;
}

std::optional<document::Embed> embed_on(ChatDocument& chat, std::size_t line) {
  if (line < chat.body_line()) return std::nullopt;
  const auto start = chat.text().line(line).find("![");
  if (start > 3) return std::nullopt;
  for (auto& embed : chat.embeds_of(chat.section_at(line))) {
    if (embed.line == line) return std::move(embed);
  }
  return std::nullopt;
}

embed::Expansion look_at(Scene& scene, const document::Embed& embed) {
  ChatDocument& chat = scene.chat;
  const chat::Chat* usable = chat.usable();
  if (usable == nullptr) return {};
  chat::Chat one = *usable;
  document::Message message;
  message.content = chat.text().line(embed.line);
  message.line = embed.line;
  one.messages = {std::move(message)};
  auto expansion = chat::expand_embeds(one, scene.origin(), chat.environment());
  expansion.messages = std::move(one.messages);
  return expansion;
}

embed::Context embed_context(Scene& scene) {
  ChatDocument& chat = scene.chat;
  if (const chat::Chat* usable = chat.usable()) {
    return chat::embed_context(*usable, scene.origin(), chat.environment());
  }
  embed::Context context;
  context.file = chat.path();
  context.working_folder = chat.origin().folder;
  context.environment = chat.environment();
  return context;
}

std::size_t tokens_of(Scene& scene, std::size_t section) {
  auto& tokens = scene.chat.sections()[section].tokens;
  if (!tokens) tokens = tokens::estimate_tokens(scene.chat.message_of(section).content);
  return *tokens;
}

std::string title_of(ChatDocument& chat, std::size_t section) {
  const std::size_t end = chat.end_of(section);
  for (std::size_t i = chat.sections()[section].first_line(); i < end; ++i) {
    const std::string_view line = text::trim(chat.text().line(i));
    if (!line.empty()) return text::printable(line, kMostTitle);
  }
  return {};
}

std::vector<document::OtherAnswer> others_of(ChatDocument& chat, std::size_t section) {
  if (chat.sections()[section].role != document::Role::kAssistant) return {};
  const auto& lines = chat.text().lines();
  const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(chat.sections()[section].start);
  const auto end = lines.begin() + static_cast<std::ptrdiff_t>(chat.end_of(section));
  const bool may_have = std::any_of(begin, end, [](const std::string& line) {
    return line.starts_with(document::kOtherBeginning);
  });
  if (!may_have) return {};
  return chat.message_of(section).others;
}

Json markdown(std::string text) { return {{"kind", "markdown"}, {"value", std::move(text)}}; }

std::string plain_markdown(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_{}[]()<>#!|&~";
  std::string out;
  for (const char c : text) {
    if (kSpecial.find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string code_span(std::string_view text) {
  std::string fence = "`";
  while (text.find(fence) != std::string_view::npos) fence.push_back('`');
  const bool needs_space = text.starts_with('`') || text.ends_with('`');
  return fmt::format("{0}{1}{2}{1}{0}", fence, needs_space ? " " : "", text);
}

bool is_code(ChatDocument& chat, std::size_t line) {
  document::FenceScanner fences;
  for (std::size_t i = chat.sections()[chat.section_at(line)].first_line(); i < line; ++i) {
    fences.feed(text::without_returns(chat.text().line(i)));
    fences.feed("\n");
  }
  return fences.is_open();
}

bool may_allow_folder(const std::string& folder, const Environment& environment) {
  const std::string home = environment("HOME").value_or("");
  const std::string inside = folder.ends_with('/') ? folder : folder + "/";
  return folder != "/" && folder.starts_with('/') && !(home + "/").starts_with(inside);
}

std::optional<std::string> near_delimiter(std::string_view line, const document::Format& format) {
  const std::string_view trimmed = text::trim(line);
  if (trimmed.size() < 4 || trimmed.size() > kMostDelimiter || trimmed.front() != '#') {
    return std::nullopt;
  }
  const std::string word = text::fold_word(trimmed);
  for (const auto role :
       {document::Role::kSystem, document::Role::kUser, document::Role::kAssistant}) {
    const std::string_view delimiter = format.delimiter_of(role);
    // "# User" is an ordinary heading. Only a line with the signs of the delimiter is meant as one.
    const auto signs = delimiter.find_first_not_of("# \t");
    const char sign = signs == std::string_view::npos ? ' ' : delimiter[signs];
    const bool is_sign = std::isalnum(static_cast<unsigned char>(sign)) == 0;
    const bool has_sign = is_sign && trimmed.find(sign, 1) != std::string_view::npos;
    if (has_sign && word == text::fold_word(delimiter)) return std::string(delimiter);
  }
  return std::nullopt;
}

std::string open_fence(ChatDocument& chat, std::size_t section) {
  document::FenceScanner fences;
  for (std::size_t i = chat.sections()[section].first_line(); i < chat.end_of(section); ++i) {
    fences.feed(text::without_returns(chat.text().line(i)));
    fences.feed("\n");
  }
  return fences.closer();
}

}  // namespace chatvim::lsp
