// SPDX-License-Identifier: Apache-2.0
#include "stream_text.hpp"

#include <fmt/format.h>

#include <cctype>

#include "chatvim/json/cursor.hpp"
#include "chatvim/text/fold.hpp"
#include "chatvim/text/url.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::wire {
namespace {

/// Returns where a redirect leads, without what may be secret; empty if that is no server.
std::string place_of(std::string_view location) {
  text::Url url = text::split_url(location);
  url.user = {};
  if (!url.host.empty()) return url.origin();
  const bool has_host = url.has_authority || !url.scheme.empty();
  return has_host || url.path.empty() ? "" : fmt::format("{} on the same host", url.path);
}

}  // namespace

std::string excerpt(std::string_view text) {
  constexpr std::size_t kLength = 120;
  std::string out = text::replace_invalid_utf8(text.substr(0, kLength));
  return text.size() > kLength ? out + "…" : out;
}

bool is_end_mark(std::string_view data) {
  const bool is_quoted = data.size() > 2 && data.front() == '"' && data.back() == '"';
  if (is_quoted) data = data.substr(1, data.size() - 2);
  if (data == "DONE") return true;
  constexpr std::size_t kLongestMark = 8;  // allows for spaces inside
  if (!data.starts_with('[') || data.size() > kLongestMark) return false;
  const std::string word = text::fold_word(data);
  return word == "done" || word == "end";
}

bool is_finish(std::string_view reason) {
  const std::string word = text::fold_word(reason);
  return !word.empty() && word != "error" && word != "failed" && word != "networkerror";
}

bool is_json(std::string_view text) {
  json::JsonCursor json(text);
  json.skip();
  return json.readable();
}

bool is_json_object(std::string_view text) { return text.starts_with('{') && is_json(text); }

std::string json_in_string(std::string_view text) {
  std::string inner;
  if (!text.starts_with("\"{")) return inner;
  json::JsonCursor json(text);
  json.string(inner);
  if (!json.complete()) inner.clear();
  return inner;
}

std::string_view first_object(std::string_view text) {
  if (!text.starts_with('{')) return {};
  json::JsonCursor json(text);
  json.skip();
  const std::string_view rest = json.rest();
  if (json.failed() || trimmed(rest).empty()) return {};
  return text.substr(0, text.size() - rest.size());
}

bool begins_json(std::string_view text) { return text.starts_with('{') || text.starts_with('['); }

bool ends_json(std::string_view text) { return text.ends_with('}') || text.ends_with(']'); }

bool has_field(std::string_view text) {
  for (const std::string_view field : {"\ndata:", "\rdata:", "\nevent:", "\revent:"}) {
    if (text.find(field) != std::string_view::npos) return true;
  }
  return false;
}

bool is_unknown_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  const bool is_name = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
  const std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  return is_name && !begins_json(trimmed(value));
}

std::string redirect_words(int status, std::string_view location) {
  const std::string place = place_of(trimmed(location));
  return fmt::format("HTTP {}: the server redirects to {}, and redirects are not followed", status,
                     place.empty() ? "another place" : text::replace_invalid_utf8(place));
}

}  // namespace chatvim::wire
