// SPDX-License-Identifier: Apache-2.0
#include "describe_embeds.hpp"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/chat/embeds.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/chat/size.hpp"
#include "chatvim/tokens/tokens.hpp"

namespace chatvim::editor {

namespace {

std::string_view name_of(embed::Item::Kind kind) {
  switch (kind) {
    case embed::Item::Kind::kText:
      return "text";
    case embed::Item::Kind::kFolder:
      return "folder";
    case embed::Item::Kind::kGlob:
      return "glob";
    case embed::Item::Kind::kPicture:
      return "picture";
    case embed::Item::Kind::kPdf:
      return "pdf";
    case embed::Item::Kind::kAddress:
      return "address";
  }
  return "text";
}

Json describe(const embed::Item& item, std::size_t tokens, const embed::Outside* outside) {
  Json map = {{"source", item.source},
              {"line", item.line + 1},
              {"target", item.target},
              {"kind", name_of(item.kind)},
              {"path", item.path},
              {"files", item.files},
              {"lines", item.lines},
              {"bytes", item.bytes},
              {"media_type", item.media_type},
              {"width", item.width},
              {"height", item.height},
              {"tokens", tokens},
              {"words", chat::words_for(item, outside, tokens)},
              {"outside", outside != nullptr}};
  if (outside != nullptr) map["why"] = chat::reason_of(*outside);
  if (item.error) {
    map["error"] = item.error->message;
    map["reason"] = item.reason;
  }
  return map;
}

std::vector<document::Stretch> stretches_of(const embed::Expansion& expansion) {
  std::vector<document::Stretch> stretches;
  stretches.reserve(expansion.items.size());
  for (const auto& item : expansion.items) stretches.push_back(item.stretch);
  return stretches;
}

}  // namespace

Json describe_embeds(chat::Chat chat, const chat::Origin& origin, const Environment& environment,
                     store::Calibration* calibration) {
  // Show the size even if no model has been chosen yet.
  auto begun = chat::begin_plan(chat.settings, environment);
  chat::Plan plan = begun ? std::move(*begun) : chat::Plan{};
  const auto expansion = chat::expand_embeds(chat, origin, environment);
  const auto estimate =
      tokens::estimate_input(chat.messages, stretches_of(expansion), plan.provider.api);
  plan.input_tokens = chat::correct(plan, estimate.whole, calibration);
  Json map = chat::describe_size(chat::size_of(plan));
  if (begun) map["model"] = plan.provider.name + "/" + plan.model;
  Json items = Json::array();
  for (std::size_t i = 0; i < expansion.items.size(); ++i) {
    const auto& item = expansion.items[i];
    items.push_back(describe(item, chat::correct(plan, estimate.stretches[i], calibration),
                             chat::outside_of(expansion, item)));
  }
  map["items"] = std::move(items);
  map["unsaved"] = expansion.unsaved;
  return map;
}

}  // namespace chatvim::editor
