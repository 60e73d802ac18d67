// SPDX-License-Identifier: Apache-2.0
#include "chatvim/embed/expand.hpp"

#include <fmt/format.h>

#include <utility>

#include "chatvim/document/embed.hpp"
#include "chatvim/text/utf8.hpp"
#include "embed_one.hpp"
#include "session.hpp"

namespace chatvim::embed {
namespace {

/// As much of a target as a message shows.
constexpr std::size_t kMostShown = 200;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\n") == std::string_view::npos;
}

/// Without line breaks at its ends: what is around it are other parts.
std::string_view trim_breaks(std::string_view text) {
  while (text.starts_with('\n')) text.remove_prefix(1);
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

/// Puts a message together again from its text and what its embeds became.
class Composer {
 public:
  /// Text as it is, or what became text.
  void add_text(std::string_view text) {
    content_ += text;
    pending_ += text;
  }
  /// A part that is no text; `line` stands for it in the content.
  void add_part(document::Part part, std::string_view line) {
    flush();
    content_ += line;
    parts_.push_back(std::move(part));
    has_media_ = true;
  }
  void put(document::Message& message) {
    flush();
    message.content = std::move(content_);
    if (has_media_) message.parts = std::move(parts_);
  }

 private:
  void flush() {
    const std::string_view text = trim_breaks(pending_);
    if (!is_blank(text)) parts_.push_back({document::Part::Kind::kText, std::string(text)});
    pending_.clear();
  }

  std::string content_;
  std::string pending_;
  std::vector<document::Part> parts_;
  bool has_media_ = false;
};

void fail(Item& item, std::string why) {
  const std::string place = item.source.empty()
                                ? fmt::format("Line {}", item.line + 1)
                                : fmt::format("{}, line {}", item.source, item.line + 1);
  item.error =
      Error{ErrorCode::kBadEmbed, fmt::format("{}: ![]({}): {}; nothing was sent.", place,
                                              text::printable(item.target, kMostShown), why)};
  item.reason = std::move(why);
}

/// What stands in the place of an embed's line.
void compose(Composer& composer, Item& item, Parts parts, std::string_view line) {
  bool is_first = true;
  for (document::Part& part : parts) {
    if (!is_first) composer.add_text("\n");
    is_first = false;
    if (part.kind == document::Part::Kind::kText) {
      item.text += item.text.empty() ? "" : "\n";
      item.text += part.text;
      composer.add_text(part.text);
    } else {
      composer.add_part(std::move(part), line);
    }
  }
  if (parts.empty()) composer.add_text(line);
}

void expand_message(Session& session, document::Message& message) {
  const std::vector<document::Embed> embeds = document::find_embeds(message.content);
  if (embeds.empty()) return;
  const std::string_view content = message.content;
  Composer composer;
  std::size_t done = 0;
  for (const document::Embed& embed : embeds) {
    composer.add_text(content.substr(done, embed.offset - done));
    done = embed.offset + embed.size;
    const std::string_view line = content.substr(embed.offset, embed.size);
    std::vector<Item>& items = session.expansion.items;
    if (items.size() > kMostEmbeds) {
      composer.add_text(line);
      continue;
    }
    Item item;
    item.source = message.source;
    item.line = message.line + embed.line;
    item.target = embed.target;
    Parts parts;
    const auto placed =
        items.size() < kMostEmbeds
            ? embed_one(session, item, parts)
            : Result<void>(bad_embed(fmt::format(
                  "it is one embed more than the {} that a request may have", kMostEmbeds)));
    if (!placed) {
      parts.clear();
      fail(item, placed.error().message);
    }
    compose(composer, item, std::move(parts), line);
    items.push_back(std::move(item));
  }
  composer.add_text(content.substr(done));
  composer.put(message);
}

}  // namespace

Expansion expand(std::vector<document::Message> messages, const Context& context,
                 const Files& files) {
  Session session(context, files);
  for (document::Message& message : messages) {
    if (message.role != document::Role::kAssistant) expand_message(session, message);
  }
  session.expansion.messages = std::move(messages);
  return std::move(session.expansion);
}

}  // namespace chatvim::embed
