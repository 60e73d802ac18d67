// SPDX-License-Identifier: Apache-2.0
// The size of messages and embeds, behind their lines.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>

#include "chatvim/text/lines.hpp"
#include "chatvim/text/number.hpp"
#include "chatvim/tokens/tokens.hpp"
#include "features.hpp"

namespace chatvim::lsp {

namespace {

std::string words_of(Scene& scene, const document::Embed& embed) {
  const auto expansion = look_at(scene, embed);
  if (expansion.items.empty()) return {};
  const auto& item = expansion.items.front();
  const auto* outside = chat::outside_of(expansion, item);
  std::optional<std::size_t> tokens;
  if (!item.error && outside == nullptr) {
    const auto estimate =
        tokens::estimate_input(expansion.messages, std::span(&item.stretch, 1), {});
    tokens = estimate.stretches.front().total();
  }
  return chat::words_for(item, outside, tokens);
}

}  // namespace

Json inlay_hints(Scene& scene, std::size_t first, std::size_t last) {
  ChatDocument& chat = scene.chat;
  Json hints = Json::array();
  if (!chat.is_chat()) return hints;
  const auto add = [&](std::size_t line, const std::string& label) {
    const std::size_t end = text::trim_end(chat.text().line(line)).size();
    hints.push_back({{"position", scene.positions.write(Position{line, end})},
                     {"label", label},
                     {"paddingLeft", true}});
  };
  for (std::size_t i = 0; i < chat.sections().size(); ++i) {
    const Section section = chat.sections()[i];
    if (chat.end_of(i) <= first) continue;
    if (section.start > last) break;
    if (section.has_delimiter && section.start >= first) {
      if (const std::size_t tokens = tokens_of(scene, i); tokens > 0) {
        add(section.start,
            fmt::format("about {} token{}", text::with_commas(tokens), tokens == 1 ? "" : "s"));
      }
    }
    for (const auto& embed : chat.embeds_of(i)) {
      if (embed.line < first || embed.line > last) continue;
      if (const std::string words = words_of(scene, embed); !words.empty()) add(embed.line, words);
    }
  }
  return hints;
}

}  // namespace chatvim::lsp
