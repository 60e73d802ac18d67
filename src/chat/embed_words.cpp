// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cctype>

#include "chatvim/chat/embeds.hpp"
#include "chatvim/text/number.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::chat {

namespace {

/// Limit of an error in the words, in bytes.
constexpr std::size_t kMostWords = 400;

/// Returns a count with its noun, such as "1 line" or "12,300 lines".
std::string things(std::uint64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", text::with_commas(count), thing, count == 1 ? "" : "s");
}

/// Returns a size such as "812 bytes", "3.4 kB" or "20 MB".
std::string size_in_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return things(bytes, "byte");
  double value = static_cast<double>(bytes) / 1e3;
  const char* unit = "kB";
  // What would round to 1000 kB is shown as 1 MB.
  if (value >= 999.5) {
    value /= 1e3;
    unit = "MB";
  }
  std::string number = value < 9.95 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
  if (number.ends_with(".0")) number.resize(number.size() - 2);
  return number + " " + unit;
}

/// Returns the usual name of a picture's format.
std::string format_of(const std::string& media_type) {
  std::string name = media_type.substr(media_type.find('/') + 1);
  if (name == "webp") return "WebP";
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string content_of(const embed::Item& item) {
  const std::string size = size_in_bytes(item.bytes);
  switch (item.kind) {
    case embed::Item::Kind::kText:
      return fmt::format("{}, {}", things(item.lines, "line"), size);
    case embed::Item::Kind::kFolder:
    case embed::Item::Kind::kGlob:
      return fmt::format("{}, {}, {}", things(item.files, "file"), things(item.lines, "line"),
                         size);
    case embed::Item::Kind::kPicture:
      if (item.width == 0) return fmt::format("{}, {}", format_of(item.media_type), size);
      return fmt::format("{}, {} × {}, {}", format_of(item.media_type), item.width, item.height,
                         size);
    case embed::Item::Kind::kPdf:
      return fmt::format("PDF, {}", size);
    case embed::Item::Kind::kAddress:
      return "picture by its address";
  }
  return {};
}

}  // namespace

std::string words_for(const embed::Item& item, const embed::Outside* outside,
                      std::optional<std::size_t> tokens) {
  if (item.error) {
    return text::printable_name(item.reason.empty() ? item.error->message : item.reason,
                                kMostWords);
  }
  if (outside != nullptr) {
    return fmt::format("{}: asked about before it is sent", reason_of(*outside));
  }
  const std::string content = content_of(item);
  return tokens ? fmt::format("{}, about {}", content, things(*tokens, "token")) : content;
}

}  // namespace chatvim::chat
