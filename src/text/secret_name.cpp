// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/secret_name.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace chatvim::text {
namespace {

/// Substrings that mark the name of a variable or field as secret.
constexpr std::array<std::string_view, 10> kSecretWords = {
    "KEY",        "TOKEN", "SECRET",     "PASSWORD", "PASSWD",
    "PASSPHRASE", "AUTH",  "CREDENTIAL", "COOKIE",   "PRIVATE"};

std::string in_capitals(std::string_view name) {
  std::string capitals(name);
  std::transform(capitals.begin(), capitals.end(), capitals.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return capitals;
}

/// Whole words in a header's name that mark its value as secret.
constexpr std::array<std::string_view, 19> kHeaderWords = {
    "KEY",    "KEYS",   "AUTH",   "AUTHORIZATION", "AUTHENTICATION", "CREDENTIAL", "CREDENTIALS",
    "COOKIE", "BEARER", "JWT",    "PRIVATE",       "PASSWD",         "PASSPHRASE", "PASS",
    "PWD",    "PAT",    "APIKEY", "SIGNATURE",     "SUBSCRIPTIONKEY"};
/// Endings of such words.
constexpr std::array<std::string_view, 6> kHeaderEnds = {"APIKEY",    "ACCESSKEY", "SECRETKEY",
                                                         "AUTHTOKEN", "SECRET",    "PASSWORD"};

bool is_secret_word(std::string_view word) {
  return std::find(kHeaderWords.begin(), kHeaderWords.end(), word) != kHeaderWords.end() ||
         word.ends_with("TOKEN") ||
         std::any_of(kHeaderEnds.begin(), kHeaderEnds.end(),
                     [word](std::string_view end) { return word.ends_with(end); });
}

}  // namespace

bool names_secret(std::string_view name) {
  const std::string capitals = in_capitals(name);
  return capitals.ends_with("_PWD") || capitals.ends_with("_PASS") || capitals.ends_with("_PAT") ||
         std::any_of(kSecretWords.begin(), kSecretWords.end(), [&capitals](std::string_view word) {
           return capitals.find(word) != std::string::npos;
         });
}

bool header_holds_secret(std::string_view name) {
  const std::string capitals = in_capitals(name);
  std::string_view rest = capitals;
  for (;;) {
    const std::size_t end = std::min(rest.find_first_of("-_"), rest.size());
    if (is_secret_word(rest.substr(0, end))) return true;
    if (end == rest.size()) return false;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace chatvim::text
