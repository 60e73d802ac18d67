// SPDX-License-Identifier: Apache-2.0
#include "chatvim/lsp/framing.hpp"

#include <fmt/format.h>

#include <charconv>

#include "chatvim/text/fold.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::lsp {

namespace {

constexpr std::string_view kHeaderEnd = "\r\n\r\n";
/// Limit of a header, in bytes. Real ones have less than 100.
constexpr std::size_t kMostHeader = 8 * 1024;

tl::unexpected<Error> bad_header(std::string why) {
  return tl::unexpected(Error{ErrorCode::kProtocol, std::move(why)});
}

Result<std::optional<std::size_t>> content_length(std::string_view header) {
  std::optional<std::size_t> size;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return bad_header(fmt::format("a header has no colon: {}", text::printable(line, 80)));
    }
    if (text::fold_word(line.substr(0, colon)) != "contentlength") continue;
    const std::string_view value = text::trim(line.substr(colon + 1));
    std::size_t number = 0;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || stop != value.data() + value.size()) {
      return bad_header(
          fmt::format("Content-Length is not a number: {}", text::printable(value, 80)));
    }
    size = number;
  }
  return size;
}

}  // namespace

Result<std::optional<std::string>> Framing::next() {
  if (!size_) {
    const auto read = read_header();
    if (!read) return tl::unexpected(read.error());
    if (!*read) return std::nullopt;
  }
  if (unread_.size() < *size_) return std::nullopt;
  std::string body = unread_.substr(0, *size_);
  unread_.erase(0, *size_);
  size_.reset();
  searched_ = 0;
  return body;
}

/// Reads the header that `unread_` begins with; returns false if it is not complete.
Result<bool> Framing::read_header() {
  const std::size_t end = unread_.find(kHeaderEnd, searched_);
  if (std::min(end, unread_.size()) > kMostHeader) return bad_header("a header is too long");
  if (end == std::string::npos) {
    searched_ = unread_.size() - std::min(unread_.size(), kHeaderEnd.size() - 1);
    return false;
  }
  const auto size = content_length(std::string_view(unread_).substr(0, end));
  if (!size) return tl::unexpected(size.error());
  if (!*size) return bad_header("a header has no Content-Length");
  if (**size > kMostBody) return bad_header("a message is larger than 512 MiB");
  size_ = **size;
  unread_.erase(0, end + kHeaderEnd.size());
  return true;
}

std::string frame(std::string_view body) {
  return fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

}  // namespace chatvim::lsp
