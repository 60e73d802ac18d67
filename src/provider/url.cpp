// SPDX-License-Identifier: Apache-2.0
#include "url.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>

#include "chatvim/provider/table.hpp"
#include "chatvim/text/redact.hpp"
#include "chatvim/text/url.hpp"

namespace chatvim::provider {
namespace {

constexpr std::array<std::string_view, 3> kPaths = {"/chat/completions", "/responses", "/messages"};

std::string_view path_of(Api api) { return kPaths.at(static_cast<std::size_t>(api)); }

/// Whether the last part of the path is a version, such as "v1" or "v1beta".
bool ends_in_version(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  return last.size() > 1 && last[0] == 'v' && last[1] >= '0' && last[1] <= '9';
}

/// Returns the path to which a format's path, or that of the list of models, is appended.
std::string base_path(std::string_view path, Api api) {
  path = trim_slashes(path);
  for (const std::string_view known : kPaths) {
    if (!path.ends_with(known)) continue;
    path.remove_suffix(known.size());
    if (known == path_of(api)) return std::string(path);  // the complete URL was given
    break;
  }
  const bool lacks_version = api == Api::kMessages && !ends_in_version(path);
  return std::string(path).append(path.empty() || lacks_version ? "/v1" : "");
}

/// Returns the URL of `path` at the provider, with one more query field if `field` is not empty.
std::string url_of(const Provider& provider, std::string_view path, std::string_view field = {}) {
  const auto url = text::parse_http_url(provider.base_url);
  if (!url) return provider.base_url;  // such a row has a `problem` and gets no requests
  const std::string_view mark = field.empty() ? "" : url->query.empty() ? "?" : "&";
  return fmt::format("{}{}{}{}{}{}", url->origin(), base_path(url->path, provider.api), path,
                     url->query, mark, field);
}

}  // namespace

std::string_view trim_slashes(std::string_view path) {
  return path.substr(0, path.find_last_not_of('/') + 1);  // npos + 1 is 0
}

std::string tidy_address(std::string& address, std::string_view source) {
  const auto url = text::parse_http_url(address);
  if (!url) {
    return fmt::format(
        "{} \"{}\" is not an address: write http://HOST or https://HOST, with a port and a path "
        "where there is one",
        source, text::redact_addresses(address));
  }
  address = url->origin().append(trim_slashes(url->path)).append(url->query);
  return {};
}

std::string endpoint(const Provider& provider) { return url_of(provider, path_of(provider.api)); }

std::string models_url(const Provider& provider) {
  // Anthropic's default is 20 models per page.
  return url_of(provider, "/models", provider.api == Api::kMessages ? "limit=1000" : "");
}

}  // namespace chatvim::provider
