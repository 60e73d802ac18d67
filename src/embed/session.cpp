// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "quote.hpp"

namespace chatvim::embed {
namespace {

/// Where a line begins in a text; lines count from 1. The text's end for the line behind the last.
std::size_t offset_of_line(std::string_view text, std::size_t line) {
  std::size_t at = 0;
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  return at;
}

Result<void> check_range(const LineRange& range, std::size_t lines) {
  const auto count = fmt::format("{} {}", lines, lines == 1 ? "line" : "lines");
  if (range.first == 0 || range.last == 0) return bad_embed("lines are counted from 1");
  if (range.first > range.last) {
    return bad_embed(
        fmt::format("its part ends before it begins: write #L{}-L{}", range.last, range.first));
  }
  if (range.last > lines) {
    return bad_embed(fmt::format("there is no line {}: the file has {}",
                                 range.first > lines ? range.first : range.last, count));
  }
  return {};
}

/// The name without the fragment that says which lines, and these as `:ChatvimSend` writes them.
std::string name_of_part(const std::string& name, const LineRange& range) {
  const std::string file = name.substr(0, name.rfind('#'));
  return range.first == range.last ? fmt::format("{}:{}", file, range.first)
                                   : fmt::format("{}:{}-{}", file, range.first, range.last);
}

}  // namespace

tl::unexpected<Error> bad_embed(std::string why) {
  return tl::unexpected(Error{ErrorCode::kBadEmbed, std::move(why)});
}

Session::Session(const Context& context, const files::Files& files)
    : context_(context), files_(context, files), finder_(context.keys) {}

const Access& Session::access(const std::string& source) {
  const auto found = access_.find(source);
  if (found != access_.end()) return found->second;
  return access_.emplace(source, Access(context_, source, files_)).first->second;
}

const std::string& Session::resolved(const std::string& path) {
  const auto found = resolved_.find(path);
  if (found != resolved_.end()) return found->second;
  return resolved_.emplace(path, files_.resolve(path).value_or("")).first->second;
}

const Result<std::vector<files::Name>>& Session::names(const std::string& resolved) {
  const auto found = names_in_.find(resolved);
  if (found != names_in_.end()) return found->second;
  auto names = files_.list(resolved, kMostRequestNames);
  const bool is_large = !names && names.error().code == ErrorCode::kTooLarge;
  if (!names && !is_large) names = std::vector<files::Name>();
  return names_in_.emplace(resolved, std::move(names)).first->second;
}

const glob::Ignore& Session::ignore_at(const std::string& resolved) {
  const auto found = ignores_.find(resolved);
  if (found != ignores_.end()) return found->second;
  return ignores_.emplace(resolved, glob::Ignore::at(resolved, files_)).first->second;
}

const glob::Ignore& Session::ignore_below(const glob::Ignore& parent, const std::string& name) {
  std::string path = glob::join(parent.folder(), name);
  const auto found = ignores_.find(path);
  if (found != ignores_.end()) return found->second;
  return ignores_.emplace(std::move(path), parent.below(name, files_)).first->second;
}

const Content& Session::content(const std::string& path) {
  const auto found = contents_.find(path);
  if (found != contents_.end()) return found->second;
  Content content = read_content(files_, path, finder_);
  const auto room = count_read(content.bytes ? content.size : 0);
  if (!room) {
    content = {};
    content.reason = room.error().message;
  }
  return contents_.emplace(path, std::move(content)).first->second;
}

Result<void> Session::add(Item& item, Pieces& pieces, const std::string& name,
                          const std::string& path, const Content& content,
                          const std::optional<LineRange>& range) {
  const bool is_media =
      content.kind == Content::Kind::kPicture || content.kind == Content::Kind::kPdf;
  if (content.kind == Content::Kind::kWanted) {
    const std::string& wanted = files_.buffer(path)->path;
    if (wanted_.insert(wanted).second) expansion.unsaved.push_back(wanted);
    return {};
  }
  if (is_media && range) return bad_embed("only text files have lines: leave out the part");
  if (is_media) return add_media(item, pieces, name, content);
  if (content.kind != Content::Kind::kText) return bad_embed(content.reason);
  std::string_view text = *content.bytes;
  if (range) {
    auto fits = check_range(*range, content.lines);
    if (!fits) return fits;
    const std::size_t begin = offset_of_line(text, range->first);
    text = text.substr(begin);
    text = text.substr(0, offset_of_line(text, range->last - range->first + 2));
  }
  auto added = add_text(pieces, quote(range ? name_of_part(name, *range) : name, language_of(path),
                                      text, content.bytes));
  if (!added) return added;
  item.lines += range ? range->last - range->first + 1 : content.lines;
  item.bytes += text.size();
  note_secrets(item, name, path, content, range);
  return {};
}

Result<void> Session::add_text(Pieces& pieces, Piece text) {
  text_ += text.size();
  if (text_ > kMostRequestText) {
    return bad_embed(fmt::format("the chat embeds more than {} of text, the most for one request",
                                 describe_size(kMostRequestText)));
  }
  pieces.push_back(std::move(text));
  return {};
}

Result<void> Session::add_media(Item& item, Pieces& pieces, const std::string& name,
                                const Content& content) {
  media_ += content.size;
  if (media_ > kMostRequestMedia) {
    return bad_embed(
        fmt::format("the chat embeds more than {} of pictures and PDFs, the most for one request",
                    describe_size(kMostRequestMedia)));
  }
  const bool is_picture = content.kind == Content::Kind::kPicture;
  document::Part part{is_picture ? document::Part::Kind::kPicture : document::Part::Kind::kPdf,
                      name, std::string(content.media.media_type), content.bytes};
  part.width = content.media.width;
  part.height = content.media.height;
  item.bytes += content.size;
  pieces.emplace_back().media = std::move(part);
  return {};
}

void Session::note_secrets(const Item& item, const std::string& name, const std::string& path,
                           const Content& content, const std::optional<LineRange>& range) {
  for (const secret::FoundSecret& found : content.secrets) {
    if (expansion.secrets.size() == kMostSecrets) return;
    // A part of a private key is one too, though the line that tells so is not in it.
    if (range && (found.last_line < range->first || found.line > range->last)) continue;
    std::string mark = secret::mark_of(path, found);
    if (context_.confirmed.count(mark) != 0 || !marks_.insert(mark).second) continue;
    const std::string file = range ? name.substr(0, name.rfind('#')) : name;
    expansion.secrets.push_back(
        {std::move(mark), found.what, file, found.line, item.target, item.source, item.line});
  }
}

void Session::ask(const Item& item, const std::string& path) {
  const bool is_folder = item.kind == Item::Kind::kFolder || item.kind == Item::Kind::kGlob;
  const auto reason = access(item.source).reason(is_folder ? path + "/" : path);
  expansion.outside.push_back({path, item.target, item.source, item.line, reason});
}

Result<void> Session::count_names(std::size_t count) {
  names_ += count;
  if (names_ <= kMostRequestNames) return {};
  return bad_embed(fmt::format(
      "the chat's embeds look at more than {} names in folders, the most for one request",
      kMostRequestNames));
}

Result<void> Session::count_read(std::uint64_t bytes) {
  read_ += bytes;
  if (read_ <= kMostRead) return {};
  return bad_embed(fmt::format("more than {} would be read, the most for one request",
                               describe_size(kMostRead)));
}

}  // namespace chatvim::embed
