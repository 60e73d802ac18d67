// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/secrets.hpp"

#include <algorithm>

#include "chatvim/text/redact.hpp"
#include "chatvim/text/secret_name.hpp"
#include "chatvim/wire/encoder.hpp"

namespace chatvim::store {

Secrets::Secrets(const provider::Provider& provider, std::string_view key)
    : secrets_{std::string(key)} {
  for (const auto& [name, value] : wire::encode_headers(provider, key)) {
    if (!text::header_holds_secret(name)) continue;
    // The scheme before it, such as "Bearer", is no secret.
    const std::size_t space = value.find(' ');
    secrets_.push_back(space == std::string::npos ? value : value.substr(space + 1));
  }
  // Of two that begin alike the longer one is to be hidden whole.
  std::sort(secrets_.begin(), secrets_.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Secrets::hide(std::string_view text) const {
  return text::redact_addresses(text::redact(text, secrets_));
}

std::string Secrets::hide_in_name(std::string_view name) const {
  return text::redact(name, secrets_);
}

}  // namespace chatvim::store
