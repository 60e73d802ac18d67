// SPDX-License-Identifier: Apache-2.0
#include "keyring.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatvim::store {

namespace {

constexpr const char* kService = "chatvim";

/// Returns bytes in hexadecimal, which needs no quoting.
std::string hex(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

Keyring system_keyring() {
#if defined(__APPLE__)
  return Keyring::kSecurity;
#else
  return Keyring::kSecretTool;
#endif
}

bool is_keyring_name(const std::string& provider) {
  return !provider.empty() && provider.front() != '-' &&
         std::all_of(provider.begin(), provider.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '.' || c == '_' || c == '-';
         });
}

KeyringCommand keyring_store(Keyring keyring, const std::string& provider, const std::string& key) {
  if (keyring == Keyring::kSecretTool) {
    return {{"secret-tool", "store", "--label=Chatvim: " + provider, "service", kService,
             "provider", provider},
            key};
  }
  // -i reads commands from standard input, -U replaces, -X takes hexadecimal.
  return {{"security", "-i"},
          fmt::format("add-generic-password -U -s {} -a {} -X {}\n", kService, provider, hex(key))};
}

KeyringCommand keyring_lookup(Keyring keyring, const std::string& provider) {
  if (keyring == Keyring::kSecretTool) {
    return {{"secret-tool", "lookup", "service", kService, "provider", provider}, ""};
  }
  return {{"security", "find-generic-password", "-s", kService, "-a", provider, "-w"}, ""};
}

KeyringCommand keyring_remove(Keyring keyring, const std::string& provider) {
  if (keyring == Keyring::kSecretTool) {
    return {{"secret-tool", "clear", "service", kService, "provider", provider}, ""};
  }
  return {{"security", "delete-generic-password", "-s", kService, "-a", provider}, ""};
}

}  // namespace chatvim::store
