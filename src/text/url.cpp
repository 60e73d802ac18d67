// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/url.hpp"

#include <algorithm>
#include <cstddef>

namespace chatvim::text {
namespace {

constexpr std::string_view kSchemeCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.";

/// Removes the scheme and its colon, and returns it in lower case.
std::string take_scheme(std::string_view& text) {
  const std::size_t end = text.find_first_not_of(kSchemeCharacters);
  if (end == std::string_view::npos || text[end] != ':') return {};
  if (text.find_first_of("0123456789+-.:") == 0) return {};  // a scheme begins with a letter
  std::string scheme(text.substr(0, end));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  text.remove_prefix(end + 1);
  return scheme;
}

/// Removes and returns what precedes the first of these characters, or everything.
std::string_view take_until(std::string_view& text, std::string_view ends) {
  const std::string_view taken = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(taken.size());
  return taken;
}

}  // namespace

std::string Url::origin() const {
  if (!has_authority) return {};
  std::string out = scheme.empty() ? "" : scheme + ":";
  return out.append("//").append(user).append(host).append(port);
}

Url split_url(std::string_view text) {
  Url url;
  url.scheme = take_scheme(text);
  url.has_authority = text.starts_with("//");
  if (url.has_authority) {
    text.remove_prefix(2);
    std::string_view server = take_until(text, "/?#");
    url.user = server.substr(0, server.rfind('@') + 1);  // npos + 1 is 0
    server.remove_prefix(url.user.size());
    const std::size_t bracket = server.starts_with('[') ? server.find(']') : 0;
    url.host = server.substr(0, server.find(':', bracket));
    url.port = server.substr(url.host.size());
  }
  url.path = take_until(text, "?#");
  url.query = take_until(text, "#");
  url.fragment = text;
  return url;
}

std::optional<Url> parse_http_url(std::string_view text) {
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; };
  if (std::any_of(text.begin(), text.end(), is_bad)) return std::nullopt;
  const Url url = split_url(text);
  const bool is_http = url.has_authority && (url.scheme == "http" || url.scheme == "https");
  return is_http && !url.host.empty() ? std::optional(url) : std::nullopt;
}

}  // namespace chatvim::text
