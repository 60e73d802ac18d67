// SPDX-License-Identifier: Apache-2.0
#include "footnotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "chatvim/text/url.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::completion {

namespace {

constexpr std::string_view kStart = "[^";
/// A longer number is no number of a footnote.
constexpr std::size_t kMostDigits = 6;
constexpr std::size_t kMostTitle = 200;

/// Returns the highest number of a footnote in a text.
std::size_t highest_number(std::string_view text) {
  std::size_t highest = 0;
  for (std::size_t at = text.find(kStart); at != std::string_view::npos;
       at = text.find(kStart, at)) {
    at += kStart.size();
    std::size_t number = 0;
    std::size_t end = at;
    while (end < text.size() && end - at < kMostDigits && text[end] >= '0' && text[end] <= '9') {
      number = number * 10 + static_cast<std::size_t>(text[end++] - '0');
    }
    if (end > at && end < text.size() && text[end] == ']') highest = std::max(highest, number);
  }
  return highest;
}

/// Returns a link that no character of its parts can end early.
std::string link_of(const wire::Citation& source) {
  std::string address;
  for (const char c : source.url) {
    address += c == '<' ? "%3C" : c == '>' ? "%3E" : std::string(1, c);
  }
  std::string title;
  for (const char c : text::printable(source.title, kMostTitle)) {
    if (std::string_view("\\[]`<*_!").find(c) != std::string_view::npos) title += '\\';
    title += c;
  }
  return title.empty() ? "<" + address + ">" : fmt::format("[{}](<{}>)", title, address);
}

}  // namespace

void Footnotes::number_after(std::span<const document::Message> messages) {
  first_ = std::max<std::size_t>(first_, 1);
  for (const document::Message& message : messages) {
    first_ = std::max(first_, highest_number(message.content) + 1);
  }
}

std::string Footnotes::add(const wire::Citation& source) {
  if (!text::parse_http_url(source.url)) return {};
  auto found = std::find_if(sources_.begin(), sources_.end(),
                            [&](const wire::Citation& one) { return one.url == source.url; });
  if (found == sources_.end()) found = sources_.insert(sources_.end(), source);
  return fmt::format("[^{}]", first_ + static_cast<std::size_t>(found - sources_.begin()));
}

std::string Footnotes::definitions() const {
  std::string out;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    out += fmt::format("{}[^{}]: {}", i == 0 ? "\n\n" : "\n", first_ + i, link_of(sources_[i]));
  }
  return out;
}

}  // namespace chatvim::completion
