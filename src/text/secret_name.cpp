// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/secret_name.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace chatvim::text {
namespace {

/// What such a name contains.
constexpr std::array<std::string_view, 10> kSecretWords = {
    "KEY",        "TOKEN", "SECRET",     "PASSWORD", "PASSWD",
    "PASSPHRASE", "AUTH",  "CREDENTIAL", "COOKIE",   "PRIVATE"};

}  // namespace

bool names_secret(std::string_view name) {
  std::string capitals(name);
  std::transform(capitals.begin(), capitals.end(), capitals.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return capitals.ends_with("_PWD") || capitals.ends_with("_PASS") || capitals.ends_with("_PAT") ||
         std::any_of(kSecretWords.begin(), kSecretWords.end(), [&capitals](std::string_view word) {
           return capitals.find(word) != std::string::npos;
         });
}

}  // namespace chatvim::text
