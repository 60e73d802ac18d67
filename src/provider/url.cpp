// SPDX-License-Identifier: Apache-2.0
#include "url.hpp"

#include <algorithm>
#include <cctype>

#include "chatvim/provider/table.hpp"

namespace chatvim::provider {
namespace {

constexpr std::string_view kChatPath = "/chat/completions";

}  // namespace

std::optional<Url> Url::parse(std::string_view text) {
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; };
  if (std::any_of(text.begin(), text.end(), is_bad)) return std::nullopt;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  std::string scheme(text.substr(0, colon));
  for (char& c : scheme) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (scheme != "http" && scheme != "https") return std::nullopt;

  text = text.substr(0, text.find('#'));
  const std::string_view rest = text.substr(colon + 3);
  const std::size_t host_end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view host = rest.substr(0, host_end);
  const std::string_view name = host.substr(host.rfind('@') + 1);  // npos + 1 is 0
  if (name.empty() || name.front() == ':') return std::nullopt;

  const std::size_t query = std::min(rest.find('?'), rest.size());
  std::string_view path = rest.substr(host_end, query - host_end);
  while (path.ends_with('/')) path.remove_suffix(1);
  return Url{scheme.append("://").append(host), std::string(path), std::string(rest.substr(query))};
}

std::string endpoint(const Provider& provider) {
  auto url = Url::parse(provider.base_url);
  if (!url) return provider.base_url;  // `make_table` lets no such row through
  if (url->path.empty()) url->path = "/v1";
  if (!std::string_view(url->path).ends_with(kChatPath)) url->path.append(kChatPath);
  return url->text();
}

}  // namespace chatvim::provider
