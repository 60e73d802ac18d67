// SPDX-License-Identifier: Apache-2.0
// The messages of a chat as symbols, folds and tokens.
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "chatvim/document/fence.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "features.hpp"

namespace chatvim::lsp {

namespace {

/// Numbers of LSP's SymbolKind, for icons and filters.
constexpr int kNamespace = 3;
constexpr int kInterface = 11;
constexpr int kFunction = 12;
constexpr int kString = 15;
constexpr int kEvent = 24;
/// Longest heading in a list, in bytes.
constexpr std::size_t kMostHeading = 80;
/// Headings of one message that are listed.
constexpr std::size_t kMostHeadings = 200;

int kind_of(document::Role role) {
  switch (role) {
    case document::Role::kSystem:
      return kInterface;
    case document::Role::kUser:
      return kEvent;
    case document::Role::kAssistant:
      return kFunction;
  }
  return kString;
}

std::string_view title_of(document::Role role) {
  switch (role) {
    case document::Role::kSystem:
      return "System";
    case document::Role::kUser:
      return "User";
    case document::Role::kAssistant:
      return "Assistant";
  }
  return {};
}

Range lines_between(const ChatDocument& chat, std::size_t first, std::size_t end) {
  const std::size_t last = end > first ? end - 1 : first;
  return {{first, 0}, {last, chat.text().line(last).size()}};
}

/// Returns the level of a markdown heading such as "## Title", else 0.
std::size_t heading_level(std::string_view line) {
  const std::size_t level = line.find_first_not_of('#');
  return level > 0 && level <= 6 && level < line.size() && line[level] == ' ' ? level : 0;
}

Json headings_in(Scene& scene, std::size_t section) {
  ChatDocument& chat = scene.chat;
  Json headings = Json::array();
  document::FenceScanner fences;
  const auto others = others_of(chat, section);
  auto other = others.begin();
  for (std::size_t i = chat.sections()[section].first_line(); i < chat.end_of(section); ++i) {
    while (other != others.end() && i == other->line) i = (other++)->end;
    if (i >= chat.end_of(section)) break;
    const std::string_view line = text::without_returns(chat.text().line(i));
    const std::size_t level = fences.is_open() ? 0 : heading_level(line);
    fences.feed(line);
    fences.feed("\n");
    if (level == 0 || headings.size() == kMostHeadings) continue;
    std::string name = text::printable(text::trim(line.substr(level)), kMostHeading);
    if (name.empty()) continue;  // VS Code refuses symbols without a name
    const Json range = scene.positions.write_line(i);
    headings.push_back({{"name", std::move(name)},
                        {"kind", kString},
                        {"range", range},
                        {"selectionRange", range}});
  }
  return headings;
}

}  // namespace

Json document_symbols(Scene& scene) {
  ChatDocument& chat = scene.chat;
  Json symbols = Json::array();
  if (!chat.is_chat()) return symbols;
  if (chat.body_line() > 0) {
    symbols.push_back({{"name", "Front matter"},
                       {"kind", kNamespace},
                       {"range", scene.positions.write(lines_between(chat, 0, chat.body_line()))},
                       {"selectionRange", scene.positions.write_line(0)}});
  }
  for (std::size_t i = 0; i < chat.sections().size(); ++i) {
    const Section section = chat.sections()[i];
    const std::string title = title_of(chat, i);
    if (!section.has_delimiter && title.empty()) continue;
    std::string name(title_of(section.role));
    if (!title.empty()) name.append(": ").append(title);
    Json symbol = {
        {"name", std::move(name)},
        {"kind", kind_of(section.role)},
        {"range", scene.positions.write(lines_between(chat, section.start, chat.end_of(i)))},
        {"selectionRange", scene.positions.write_line(section.start)}};
    if (Json headings = headings_in(scene, i); !headings.empty()) {
      symbol["children"] = std::move(headings);
    }
    symbols.push_back(std::move(symbol));
  }
  return symbols;
}

Json folding_ranges(Scene& scene) {
  ChatDocument& chat = scene.chat;
  Json ranges = Json::array();
  if (!chat.is_chat()) return ranges;
  const auto add = [&](std::size_t first, std::size_t end, const char* kind) {
    while (end > first + 1 && text::is_blank(chat.text().line(end - 1))) --end;
    if (end <= first + 1) return;
    Json range = {{"startLine", first}, {"endLine", end - 1}};
    if (kind != nullptr) range["kind"] = kind;
    ranges.push_back(std::move(range));
  };
  if (chat.body_line() > 0) add(0, chat.body_line(), "region");
  for (std::size_t i = 0; i < chat.sections().size(); ++i) {
    if (chat.sections()[i].has_delimiter) add(chat.sections()[i].start, chat.end_of(i), nullptr);
    for (const auto& other : others_of(chat, i)) add(other.line, other.end, nullptr);
  }
  return ranges;
}

Json semantic_legend() {
  return {{"tokenTypes", {"keyword"}}, {"tokenModifiers", {"system", "user", "assistant"}}};
}

Json semantic_tokens(Scene& scene, std::size_t first, std::size_t last) {
  ChatDocument& chat = scene.chat;
  Json data = Json::array();
  if (chat.is_chat()) {
    std::size_t line = 0;
    for (const Section& section : chat.sections()) {
      if (!section.has_delimiter || section.start < first || section.start >= last) continue;
      const std::string_view text = text::trim_end(chat.text().line(section.start));
      const Json end = scene.positions.write(Position{section.start, text.size()});
      // Line and column relative to the last token, length, type, set of modifiers.
      for (const std::size_t number :
           {section.start - line, std::size_t{0}, end.at("character").get<std::size_t>(),
            std::size_t{0}, std::size_t{1} << static_cast<std::size_t>(section.role)}) {
        data.push_back(number);
      }
      line = section.start;
    }
  }
  return {{"data", std::move(data)}};
}

}  // namespace chatvim::lsp
