// SPDX-License-Identifier: Apache-2.0
// Where embeds lead: document links, definitions.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "chatvim/embed/locate.hpp"
#include "features.hpp"

namespace chatvim::lsp {

namespace {

/// Embeds of one document that are looked up on disk for links.
constexpr std::size_t kMostLinks = 500;

Json range_of_lines(const embed::Location& location) {
  const std::size_t first = std::max<std::size_t>(location.first_line, 1) - 1;
  const std::size_t last = std::max(location.last_line, first);
  return {{"start", {{"line", first}, {"character", 0}}},
          {"end", {{"line", location.first_line == 0 ? first : last}, {"character", 0}}}};
}

Range target_range(const ChatDocument& chat, const document::Embed& embed) {
  const std::string_view line = chat.text().line(embed.line);
  const std::size_t open = line.find("](");
  const std::size_t close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return {{embed.line, 0}, {embed.line, line.size()}};
  }
  return {{embed.line, open + 2}, {embed.line, close}};
}

}  // namespace

Json document_links(Scene& scene) {
  ChatDocument& chat = scene.chat;
  Json links = Json::array();
  if (!chat.may_be_chat()) return links;
  const embed::Context context = embed_context(scene);
  embed::Locator locator(context);
  for (std::size_t i = 0; i < chat.sections().size(); ++i) {
    for (const auto& embed : chat.embeds_of(i)) {
      if (links.size() == kMostLinks) return links;
      const auto found = locator.locate(embed.target);
      if (!found || !found->pattern.empty()) continue;
      std::string target = found->address.empty() ? uri_of_path(found->link) : found->address;
      if (found->first_line > 0) target += "#L" + std::to_string(found->first_line);
      links.push_back({{"range", scene.positions.write(target_range(chat, embed))},
                       {"target", std::move(target)}});
    }
  }
  return links;
}

Json definition(Scene& scene, Position at) {
  Json places = Json::array();
  if (!scene.chat.may_be_chat()) return places;
  const auto embed = embed_on(scene.chat, at.line);
  if (!embed) return places;
  const embed::Context context = embed_context(scene);
  const auto found = embed::locate(embed->target, context);
  if (!found || !found->address.empty()) return places;
  if (found->pattern.empty()) {
    places.push_back({{"uri", uri_of_path(found->link)}, {"range", range_of_lines(*found)}});
    return places;
  }
  const auto matches = embed::find_matches(found->pattern, context);
  if (!matches) return places;
  for (const std::string& path : *matches) {
    places.push_back({{"uri", uri_of_path(path)}, {"range", range_of_lines({})}});
  }
  return places;
}

}  // namespace chatvim::lsp
