// SPDX-License-Identifier: Apache-2.0
#include "chatvim/embed/expand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/document/embed.hpp"
#include "chatvim/text/utf8.hpp"
#include "embed_one.hpp"
#include "session.hpp"

namespace chatvim::embed {
namespace {

/// Limit of a target in a message, in bytes.
constexpr std::size_t kMostShown = 200;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\n") == std::string_view::npos;
}

/// Removes line breaks at both ends, which only separate the text from other parts.
void trim_breaks(std::string& text) {
  while (text.ends_with('\n')) text.pop_back();
  text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
}

/// Rebuilds a message from its own text and the content of its embeds. Copies nothing until `put`,
/// and then only once.
class MessageBuilder {
 public:
  /// Adds some of the message's own text, which must stay valid until `put`.
  void add(std::string_view text) {
    segments_.push_back({text});
    offset_ += text.size();
  }
  /// Adds the content of an embed. In the message's text, `line` stands for a picture or PDF.
  void add(Pieces pieces, std::string_view line) {
    bool is_first = true;
    for (const Piece& piece : kept_.emplace_back(std::move(pieces))) {
      if (!is_first) add("\n");
      is_first = false;
      if (piece.media) {
        add(line);
        segments_.back().media = &*piece.media;
        ++media_;
      } else {
        for (const std::string_view text :
             {std::string_view(piece.before), piece.text, std::string_view(piece.after)}) {
          add(text);
        }
      }
    }
  }
  /// Sets the message's content, and its parts if it has pictures or PDFs.
  void put(document::Message& message) {
    if (media_ > 0) message.parts = parts();
    std::string content;
    content.reserve(offset_);
    for (const Segment& segment : segments_) content += segment.text;
    message.content = std::move(content);
  }

  /// The positions of the next byte and of the next picture or PDF.
  std::size_t offset() const { return offset_; }
  std::size_t media() const { return media_; }

 private:
  struct Segment {
    std::string_view text;
    const document::Part* media = nullptr;
  };

  std::vector<document::Part> parts() const {
    std::vector<document::Part> parts;
    std::string text;
    const auto flush = [&] {
      trim_breaks(text);
      if (!is_blank(text)) parts.push_back({document::Part::Kind::kText, std::move(text)});
      text.clear();
    };
    for (const Segment& segment : segments_) {
      if (segment.media == nullptr) {
        text += segment.text;
        continue;
      }
      flush();
      parts.push_back(*segment.media);
    }
    flush();
    return parts;
  }

  std::vector<Segment> segments_;
  std::vector<Pieces> kept_;  // owns what the segments point to
  std::size_t offset_ = 0;
  std::size_t media_ = 0;
};

void fail(Item& item, std::string why) {
  const std::string place =
      item.source.empty()
          ? fmt::format("Line {}", item.line + 1)
          : fmt::format("{}, line {}", text::printable_name(item.source, kMostShown),
                        item.line + 1);
  item.error =
      Error{ErrorCode::kBadEmbed, fmt::format("{}: ![]({}): {}; nothing was sent.", place,
                                              text::printable_name(item.target, kMostShown), why)};
  item.reason = std::move(why);
}

/// Adds the content of an embed, or its line if there is none, and records its position.
void place(MessageBuilder& builder, Item& item, Pieces pieces, std::string_view line) {
  item.stretch.offset = builder.offset();
  item.stretch.first_media = item.stretch.end_media = builder.media();
  if (pieces.empty()) return builder.add(line);
  const bool has_text =
      std::any_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return !piece.media; });
  builder.add(std::move(pieces), line);
  item.stretch.end_media = builder.media();
  if (has_text) item.stretch.size = builder.offset() - item.stretch.offset;
}

void expand_message(Session& session, document::Message& message, std::size_t index) {
  const std::string_view content = message.content;
  const std::vector<document::Embed> embeds =
      document::find_embeds(content.substr(0, content.size() - message.literal_bytes));
  if (embeds.empty()) return;
  MessageBuilder builder;
  std::size_t done = 0;
  for (const document::Embed& embed : embeds) {
    builder.add(content.substr(done, embed.offset - done));
    done = embed.offset + embed.size;
    const std::string_view line = content.substr(embed.offset, embed.size);
    std::vector<Item>& items = session.expansion.items;
    if (items.size() > kMostEmbeds) {
      builder.add(line);
      continue;
    }
    Item item;
    item.source = message.source;
    item.line = message.line + embed.line;
    item.target = embed.target;
    item.stretch.message = index;
    Pieces pieces;
    const auto placed =
        items.size() < kMostEmbeds
            ? embed_one(session, item, pieces)
            : Result<void>(bad_embed(fmt::format(
                  "it is one embed more than the {} that a request may have", kMostEmbeds)));
    if (!placed) {
      pieces.clear();
      fail(item, placed.error().message);
    }
    place(builder, item, std::move(pieces), line);
    items.push_back(std::move(item));
  }
  builder.add(content.substr(done));
  builder.put(message);
}

}  // namespace

Expansion expand(std::vector<document::Message> messages, const Context& context,
                 const files::Files& files) {
  Session session(context, files);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].role != document::Role::kAssistant) expand_message(session, messages[i], i);
  }
  session.expansion.messages = std::move(messages);
  return std::move(session.expansion);
}

}  // namespace chatvim::embed
