// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "chatvim/chat/plan.hpp"
#include "chatvim/chat/size.hpp"
#include "chatvim/provider/catalogue.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/number.hpp"
#include "chatvim/text/utf8.hpp"
#include "completion.hpp"

namespace chatvim::lsp {

namespace {

/// How much of a file is shown.
constexpr std::size_t kMostLines = 20;
constexpr std::size_t kMostBytes = 2000;

Json hover_of(std::string text, const Json& range) {
  return {{"contents", markdown(std::move(text))}, {"range", range}};
}

/// Returns what is known about the model that the chat would use, and why none can be chosen.
std::string describe_choice(Scene& scene) {
  const auto& reading = scene.chat.reading();
  if (!reading.chat) return plain_markdown(reading.chat.error().message);
  const auto plan = chat::begin_plan(reading.chat->settings, scene.chat.environment());
  if (!plan) return plain_markdown(plan.error().message);
  const std::string name =
      fmt::format("**{}**", plain_markdown(plan->provider.name + "/" + plan->model));
  return plan->facts ? fmt::format("{}: {}", name, plain_markdown(describe_model(*plan->facts)))
                     : name;
}

Json hover_setting(Scene& scene, Position at) {
  const auto line = read_setting_line(scene.chat.text().line(at.line));
  if (!line) return nullptr;
  const settings::Option* option = settings::find_option(settings::schema(), line->key);
  for (const auto& inner : {settings::provider_schema(), settings::tool_schema()}) {
    if (option == nullptr) option = settings::find_option(inner, line->key);
  }
  if (option == nullptr) return nullptr;
  const bool on_model = line->has_sign && at.byte >= line->value_start && line->key == "model";
  return hover_of(on_model ? describe_choice(scene) : describe_option(*option),
                  scene.positions.write_line(at.line));
}

/// Returns the beginning of what is sent for an embed, as a code block.
std::string beginning_of(const std::string& content) {
  std::string text = content.substr(0, kMostBytes);
  std::size_t lines = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && ++lines == kMostLines) text.resize(i);
  }
  const bool is_cut = text.size() < content.size();
  std::string fence = "```";
  while (text.find(fence) != std::string::npos) fence.push_back('`');
  return fmt::format("{0}\n{1}{2}\n{0}", fence, text::harmless(text), is_cut ? "\n…" : "");
}

Json hover_embed(Scene& scene, const document::Embed& embed) {
  const auto expansion = look_at(scene, embed);
  if (expansion.items.empty()) return nullptr;
  const auto& item = expansion.items.front();
  const auto* outside = chat::outside_of(expansion, item);
  const bool is_read = !item.error && outside == nullptr;
  const bool is_text =
      is_read && item.media_type.empty() && item.kind != embed::Item::Kind::kAddress;
  std::string content;
  std::optional<std::size_t> tokens;
  if (is_text) {
    content = expansion.messages.front().content.substr(item.stretch.offset, item.stretch.size);
    tokens = tokens::estimate_tokens(content);
  }
  std::string text = plain_markdown(chat::words_for(item, outside, tokens));
  if (!item.path.empty())
    text = fmt::format("{}\n\n{}", code_span(text::printable_name(item.path, 500)), text);
  if (!content.empty()) text += "\n\n" + beginning_of(content);
  return hover_of(std::move(text), scene.positions.write_line(embed.line));
}

/// The tokens of a message, and for a question what sending the chat up to it takes.
Json hover_delimiter(Scene& scene, std::size_t section) {
  const Section found = scene.chat.sections()[section];
  const std::size_t own = tokens_of(scene, section);
  std::string text = fmt::format("**{}**, about {} token{}", name_of(found.role),
                                 text::with_commas(own), own == 1 ? "" : "s");
  std::size_t before = 0;
  for (std::size_t i = 0; i < section; ++i) before += tokens_of(scene, i);
  const bool is_answer = found.role == document::Role::kAssistant;
  const std::size_t sent = before + (is_answer ? 0 : own);
  text += fmt::format("; {} up to here, without what is embedded", text::with_commas(before + own));
  const auto& reading = scene.chat.reading();
  const auto plan = reading.chat
                        ? chat::begin_plan(reading.chat->settings, scene.chat.environment())
                        : Result<chat::Plan>();
  if (reading.chat && plan) {
    text += "\n\n" + describe_choice(scene);
    if (plan->facts && plan->facts->price) {
      const auto& price = *plan->facts->price;
      const double input = static_cast<double>(sent) * price.input / 1e6;
      const double output = is_answer ? static_cast<double>(own) * price.output / 1e6 : 0;
      text += fmt::format("\n\nAbout {} for this turn with this model",
                          chat::in_dollars(input + output));
    }
  }
  return hover_of(std::move(text), scene.positions.write_line(found.start));
}

}  // namespace

Json hover(Scene& scene, Position at) {
  ChatDocument& chat = scene.chat;
  if (!chat.may_be_chat()) return nullptr;
  if (chat.is_in_front_matter(at.line)) return hover_setting(scene, at);
  if (at.line < chat.body_line()) return nullptr;
  const std::size_t section = chat.section_at(at.line);
  const Section& found = chat.sections()[section];
  if (found.has_delimiter && found.start == at.line) return hover_delimiter(scene, section);
  const auto embed = embed_on(chat, at.line);
  return embed ? hover_embed(scene, *embed) : Json();
}

}  // namespace chatvim::lsp
