// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "chatvim/wire/encoder.hpp"

namespace chatvim::wire {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

/// A value that cannot start a header field of its own: no control characters, no white space at
/// the ends (a key's file ends with a line break).
std::string clean(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= 0x20 && byte != 0x7F) || c == '\t') out.push_back(c);
  }
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  out.erase(std::find_if_not(out.rbegin(), out.rend(), is_blank).base(), out.end());
  out.erase(out.begin(), std::find_if_not(out.begin(), out.end(), is_blank));
  return out;
}

void set(Fields& fields, std::string_view name, std::string value) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return same_name(field.first, name); });
  if (found == fields.end()) {
    fields.emplace_back(name, std::move(value));
  } else {
    *found = {std::string(name), std::move(value)};
  }
}

}  // namespace

Fields encode_headers(const provider::Provider& provider, std::string_view key) {
  Fields fields = {{"Content-Type", "application/json"}};
  const std::string secret = clean(key);
  if (!secret.empty()) {
    const bool bearer = same_name(provider.key_header, "Authorization");
    fields.emplace_back(provider.key_header, bearer ? "Bearer " + secret : secret);
  }
  // The version that servers of this format have in common, and that still takes sampling settings.
  if (provider.api == Api::kMessages) fields.emplace_back("anthropic-version", "2023-06-01");
  for (const auto& [name, value] : provider.headers) set(fields, name, clean(value));
  return fields;
}

}  // namespace chatvim::wire
