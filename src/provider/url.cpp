// SPDX-License-Identifier: Apache-2.0
#include "url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "chatvim/provider/table.hpp"
#include "chatvim/text/redact.hpp"

namespace chatvim::provider {
namespace {

constexpr std::array<std::string_view, 3> kPaths = {"/chat/completions", "/responses", "/messages"};

std::string_view path_of(Api api) { return kPaths.at(static_cast<std::size_t>(api)); }

/// Whether the last part of the path is a version, such as "v1" or "v1beta".
bool ends_in_version(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  return last.size() > 1 && last[0] == 'v' && last[1] >= '0' && last[1] <= '9';
}

/// Returns the URL to which a format's path, or that of the list of models, is appended.
Url base_of(Url url, Api api) {
  for (const std::string_view path : kPaths) {
    if (!std::string_view(url.path).ends_with(path)) continue;
    url.path.resize(url.path.size() - path.size());
    if (path == path_of(api)) return url;  // the complete URL was given
    break;
  }
  const bool lacks_version = api == Api::kMessages && !ends_in_version(url.path);
  if (url.path.empty() || lacks_version) url.path.append("/v1");
  return url;
}

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

std::string tidy_address(std::string& address, std::string_view source) {
  const auto url = Url::parse(address);
  if (!url) {
    return fmt::format(
        "{} \"{}\" is not an address: write http://HOST or https://HOST, with a port and a path "
        "where there is one",
        source, text::redact_addresses(address));
  }
  address = url->text();
  return {};
}

std::string endpoint(const Provider& provider) {
  const auto url = Url::parse(provider.base_url);
  if (!url) return provider.base_url;  // such a row has a `problem` and gets no requests
  Url out = base_of(*url, provider.api);
  out.path.append(path_of(provider.api));
  return out.text();
}

std::string models_url(const Provider& provider) {
  const auto url = Url::parse(provider.base_url);
  if (!url) return provider.base_url;
  Url out = base_of(*url, provider.api);
  out.path.append("/models");
  // Anthropic's default is 20 models per page.
  if (provider.api == Api::kMessages)
    out.query.append(out.query.empty() ? "?" : "&").append("limit=1000");
  return out.text();
}

}  // namespace chatvim::provider
