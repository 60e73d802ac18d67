// SPDX-License-Identifier: Apache-2.0
#include "completion.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "json_fields.hpp"

namespace chatvim::lsp {

namespace {

/// Delimiters where a line begins like one, or on an empty line if the user asks.
Completions complete_delimiter(Scene& scene, Position at, bool asked) {
  Completions found;
  const std::string_view line = scene.chat.text().line(at.line);
  const std::string_view typed = line.substr(0, at.byte);
  const bool may_be = typed.starts_with('#') || (typed.empty() && asked);
  if (!may_be || !text::is_blank(line.substr(at.byte))) return found;
  if (!scene.chat.is_chat() && typed.find('=') == std::string_view::npos) return found;
  // A heading or a comment begins like a delimiter; the user's own delimiters may have no "=".
  const bool is_default = scene.chat.format().user_delimiter.starts_with("# =");
  if (!asked && is_default && !typed.starts_with("# =")) return found;
  if (is_code(scene.chat, at.line)) return found;
  found.end = at.byte;
  for (const auto role :
       {document::Role::kUser, document::Role::kAssistant, document::Role::kSystem}) {
    const std::string delimiter(scene.chat.format().delimiter_of(role));
    if (!delimiter.starts_with(typed)) continue;
    found.items.push_back({delimiter, ItemKind::kKeyword, scene.client.snippets ? "" : delimiter,
                           false, "starts a message of the " + std::string(name_of(role))});
  }
  return found;
}

Json write_item(const Scene& scene, const Item& item, const Json& range, std::size_t rank) {
  const std::string& text = item.text.empty() ? item.label : item.text;
  std::string order = std::to_string(rank);
  order.insert(0, 5 - std::min<std::size_t>(5, order.size()), '0');
  Json out = {{"label", item.label},
              {"kind", static_cast<int>(item.kind)},
              {"sortText", std::move(order)},
              {"textEdit", {{"range", range}, {"newText", text}}}};
  if (item.is_snippet && scene.client.snippets) out["insertTextFormat"] = 2;
  if (!item.filter.empty()) out["filterText"] = item.filter;
  if (!item.detail.empty()) out["detail"] = item.detail;
  if (!item.documentation.empty()) out["documentation"] = markdown(item.documentation);
  return out;
}

}  // namespace

Json complete(Scene& scene, Position at, const Json& params) {
  constexpr int kInvoked = 1;  // CompletionTriggerKind
  const Json& kind = member(member(params, "context"), "triggerKind");
  const bool asked = kind.is_null() || kind == kInvoked;
  Completions found;
  if (scene.chat.is_in_front_matter(at.line)) {
    // In the front matter of another kind of page nothing pops up.
    const bool is_ours = scene.chat.is_chat() || scene.chat.has_only_settings();
    if (is_ours || asked) found = complete_front_matter(scene, at);
  } else {
    if (scene.chat.may_be_chat()) found = complete_embed(scene, at);
    if (found.items.empty()) found = complete_delimiter(scene, at, asked);
  }
  const Json range = scene.positions.write(Range{{at.line, found.start}, {at.line, found.end}});
  Json items = Json::array();
  for (const Item& item : found.items) {
    items.push_back(write_item(scene, item, range, items.size()));
  }
  return {{"isIncomplete", found.is_incomplete}, {"items", std::move(items)}};
}

}  // namespace chatvim::lsp
