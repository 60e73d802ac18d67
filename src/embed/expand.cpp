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

/// As much of a target as a message shows.
constexpr std::size_t kMostShown = 200;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\n") == std::string_view::npos;
}

/// Takes line breaks away at its ends: what is around it are other parts.
void trim_breaks(std::string& text) {
  while (text.ends_with('\n')) text.pop_back();
  text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
}

/// Puts a message together again from its text and what its embeds became. Nothing is copied before
/// `put`, and then once.
class Composer {
 public:
  /// The message's own text, which stays where it is until `put`.
  void add(std::string_view text) {
    segments_.push_back({text});
    offset_ += text.size();
  }
  /// What an embed became; `line` stands in the content for what is no text.
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
  /// The message's parts, where it has pictures or PDFs, and its content.
  void put(document::Message& message) {
    if (media_ > 0) message.parts = parts();
    std::string content;
    content.reserve(offset_);
    for (const Segment& segment : segments_) content += segment.text;
    message.content = std::move(content);
  }

  /// Where the next byte and the next picture or PDF go.
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
  std::vector<Pieces> kept_;  // what segments point into
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

/// Puts what an embed became, or its line where that is nothing, in its place.
void place(Composer& composer, Item& item, Pieces pieces, std::string_view line) {
  item.stretch.offset = composer.offset();
  item.stretch.first_media = item.stretch.end_media = composer.media();
  if (pieces.empty()) return composer.add(line);
  const bool has_text =
      std::any_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return !piece.media; });
  composer.add(std::move(pieces), line);
  item.stretch.end_media = composer.media();
  if (has_text) item.stretch.size = composer.offset() - item.stretch.offset;
}

void expand_message(Session& session, document::Message& message, std::size_t index) {
  const std::string_view content = message.content;
  const std::vector<document::Embed> embeds =
      document::find_embeds(content.substr(0, content.size() - message.literal_bytes));
  if (embeds.empty()) return;
  Composer composer;
  std::size_t done = 0;
  for (const document::Embed& embed : embeds) {
    composer.add(content.substr(done, embed.offset - done));
    done = embed.offset + embed.size;
    const std::string_view line = content.substr(embed.offset, embed.size);
    std::vector<Item>& items = session.expansion.items;
    if (items.size() > kMostEmbeds) {
      composer.add(line);
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
    place(composer, item, std::move(pieces), line);
    items.push_back(std::move(item));
  }
  composer.add(content.substr(done));
  composer.put(message);
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
