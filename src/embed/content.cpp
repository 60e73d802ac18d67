// SPDX-License-Identifier: Apache-2.0
#include "content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "chatvim/glob/path.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::embed {
namespace {

/// Bytes read from a file that is too large, to determine its type.
constexpr std::uint64_t kHead = 64U << 10U;
/// The same for a file in an embedded folder; smaller because there may be many.
constexpr std::uint64_t kListedHead = 8U << 10U;

Content refused(Content::Kind kind, std::uint64_t size, std::string reason) {
  Content content;
  content.kind = kind;
  content.size = size;
  content.reason = std::move(reason);
  return content;
}

/// Returns the offset of the first byte that is not valid in text, or nothing. Unless `whole`, the
/// last character may be truncated.
std::optional<std::size_t> find_bad_byte(std::string_view bytes, bool whole) {
  const std::size_t nul = bytes.find('\0');
  auto invalid = text::find_invalid_utf8(bytes.substr(0, nul));
  if (invalid) {
    const bool is_cut = !whole && nul == std::string_view::npos && bytes.size() - *invalid < 4;
    return is_cut ? std::nullopt : invalid;
  }
  return nul == std::string_view::npos ? std::nullopt : std::optional(nul);
}

/// Returns why bytes are not text. Text in a legacy encoding is recognized because it has no
/// control characters and is mostly ASCII.
std::string why_no_text(std::string_view bytes, std::size_t bad) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return "it is UTF-16: save it as UTF-8";
  }
  if (bytes[bad] == '\0') {
    return fmt::format("it is a binary file: byte {} is a NUL", bad + 1);
  }
  const std::string_view head = bytes.substr(0, kHead);
  const auto count = [head](auto is_one) {
    return static_cast<std::size_t>(std::count_if(head.begin(), head.end(), is_one));
  };
  const std::size_t controls = count([](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
  });
  const std::size_t high = count([](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (controls == 0 && high * 4 <= head.size()) {
    return fmt::format("byte {} is not UTF-8: convert the file, as with iconv -f LATIN1 -t UTF-8",
                       bad + 1);
  }
  return fmt::format("it is a binary file: byte {} is not UTF-8", bad + 1);
}

/// Removes the byte order mark and converts `\r\n` to `\n`.
void make_breaks_plain(std::string& text) {
  if (text.starts_with(text::kByteOrderMark)) text.erase(0, text::kByteOrderMark.size());
  if (text.find('\r') == std::string::npos) return;
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    text[end++] = text[at];
  }
  text.resize(end);
}

std::size_t count_lines(std::string_view text) {
  const auto breaks = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return text.empty() || text.ends_with('\n') ? breaks : breaks + 1;
}

Content text_content(std::string bytes, const secret::SecretFinder& finder) {
  Content content;
  content.kind = Content::Kind::kText;
  content.size = bytes.size();
  make_breaks_plain(bytes);
  content.bytes = std::make_shared<const std::string>(std::move(bytes));
  content.lines = count_lines(*content.bytes);
  content.secrets = finder.find(*content.bytes);
  return content;
}

bool has_picture_ending(const std::string& ending) {
  constexpr std::array<std::string_view, 5> kEndings = {"png", "jpg", "jpeg", "gif", "webp"};
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

std::uint64_t limit_of(const Media& media) {
  return media.kind == Media::Kind::kPicture ? kMostPicture
         : media.kind == Media::Kind::kPdf   ? kMostPdf
                                             : kMostText;
}

std::string too_large(std::uint64_t size, const Media& media) {
  const std::string_view what = media.kind == Media::Kind::kPicture ? "a picture"
                                : media.kind == Media::Kind::kPdf   ? "a PDF"
                                                                    : "a text file";
  return fmt::format("it has {}, and {} may have at most {}", describe_size(size), what,
                     describe_size(limit_of(media)));
}

/// Returns a picture or PDF, or why it cannot be sent.
Content media_content(std::string bytes, const Media& media) {
  if (media.kind == Media::Kind::kForeign) {
    return refused(
        Content::Kind::kNotText, bytes.size(),
        fmt::format("it is a {} picture, and models take png, jpeg, gif and webp", media.name));
  }
  if (media.broken) {
    return refused(Content::Kind::kNotText, bytes.size(),
                   fmt::format("it begins like a {} picture, but its header is broken or cut off",
                               media.name));
  }
  Content content;
  content.kind = media.kind == Media::Kind::kPdf ? Content::Kind::kPdf : Content::Kind::kPicture;
  content.media = media;
  content.size = bytes.size();
  content.bytes = std::make_shared<const std::string>(std::move(bytes));
  return content;
}

/// Determines the type of a file from its bytes. If the bytes are valid text, its name decides,
/// because text can begin like a picture or PDF, for example with "GIF89a".
Media media_of(std::string_view bytes, bool is_text, const std::string& ending) {
  const Media media = sniff(bytes);
  const bool is_named =
      media.kind == Media::Kind::kPdf ? ending == "pdf" : has_picture_ending(ending);
  return is_text && !is_named ? Media{} : media;
}

Content classify(std::string bytes, const std::string& path, const secret::SecretFinder& finder) {
  const auto bad = find_bad_byte(bytes, true);
  const std::string ending = glob::ending_of(path);
  const Media media = media_of(bytes, !bad, ending);
  if (media.kind != Media::Kind::kNone) {
    if (bytes.size() > limit_of(media)) {
      return refused(Content::Kind::kTooLarge, bytes.size(), too_large(bytes.size(), media));
    }
    return media_content(std::move(bytes), media);
  }
  if (has_picture_ending(ending) || ending == "pdf") {
    return refused(Content::Kind::kNotText, bytes.size(),
                   fmt::format("its name ends in .{}, but its bytes are {}", ending,
                               ending == "pdf" ? "no PDF" : "no picture that models take"));
  }
  if (bad) return refused(Content::Kind::kNotText, bytes.size(), why_no_text(bytes, *bad));
  return text_content(std::move(bytes), finder);
}

/// Classifies a file that is over every limit, by its first bytes.
Content large_content(std::string_view head, std::uint64_t size, const std::string& path) {
  const auto bad = find_bad_byte(head, false);
  const Media media = media_of(head, !bad, glob::ending_of(path));
  if (media.kind == Media::Kind::kNone && bad) {
    return refused(Content::Kind::kNotText, size, why_no_text(head, *bad));
  }
  if (media.kind == Media::Kind::kForeign) return media_content(std::string(head), media);
  return refused(Content::Kind::kTooLarge, size, too_large(size, media));
}

Content buffer_content(const Overlay::Buffer& buffer, const secret::SecretFinder& finder) {
  if (buffer.text == nullptr) {
    Content content;
    content.kind = Content::Kind::kWanted;
    return content;
  }
  const std::string& text = *buffer.text;
  if (text.size() > kMostText) {
    return refused(Content::Kind::kTooLarge, text.size(), too_large(text.size(), {}));
  }
  const auto bad = find_bad_byte(text, true);
  if (bad) return refused(Content::Kind::kNotText, text.size(), why_no_text(text, *bad));
  return text_content(text, finder);
}

}  // namespace

Content read_content(const Overlay& files, const std::string& path,
                     const secret::SecretFinder& finder) {
  if (const auto* buffer = files.buffer(path)) return buffer_content(*buffer, finder);
  constexpr std::uint64_t kMost = std::max({kMostText, kMostPicture, kMostPdf});
  const auto entry = files.look(path);
  if (!entry) return refused(Content::Kind::kUnreadable, 0, entry.error().message);
  const bool is_large = entry->kind == files::Entry::Kind::kFile && entry->size > kMost;
  auto bytes = files.read(path, is_large ? kHead : kMost + 1);
  if (!bytes) return refused(Content::Kind::kUnreadable, entry->size, bytes.error().message);
  if (is_large) return large_content(*bytes, entry->size, path);
  if (bytes->size() > kMost) return large_content(bytes->substr(0, kHead), bytes->size(), path);
  return classify(std::move(*bytes), path, finder);
}

Content read_listed_content(const Overlay& files, const std::string& path,
                            const secret::SecretFinder& finder, std::uint64_t most) {
  const auto entry = files.look(path);
  const bool is_small =
      entry && entry->kind == files::Entry::Kind::kFile && entry->size <= kListedHead;
  if (!entry || is_small || files.buffer(path) != nullptr) return read_content(files, path, finder);
  if (entry->kind != files::Entry::Kind::kFile) {
    return refused(Content::Kind::kUnreadable, 0, "it is a device, a pipe or a socket");
  }
  const auto head = files.read(path, kListedHead);
  if (!head) return refused(Content::Kind::kUnreadable, entry->size, head.error().message);
  const auto bad = find_bad_byte(*head, false);
  const Media media = media_of(*head, !bad, glob::ending_of(path));
  if (media.kind == Media::Kind::kPicture || media.kind == Media::Kind::kPdf) {
    Content content;
    content.kind = media.kind == Media::Kind::kPdf ? Content::Kind::kPdf : Content::Kind::kPicture;
    return content;
  }
  if (bad || media.kind != Media::Kind::kNone) return large_content(*head, entry->size, path);
  if (entry->size <= most) return read_content(files, path, finder);
  return refused(Content::Kind::kTooLarge, entry->size, "it is too large");
}

std::string why_not_text(std::string_view head, bool is_whole, const std::string& path) {
  const auto bad = find_bad_byte(head, is_whole);
  const Media media = media_of(head, !bad, glob::ending_of(path));
  if (media.kind == Media::Kind::kPdf) return "it is a PDF";
  if (media.kind != Media::Kind::kNone) return fmt::format("it is a {} picture", media.name);
  return bad ? why_no_text(head, *bad) : std::string();
}

}  // namespace chatvim::embed
