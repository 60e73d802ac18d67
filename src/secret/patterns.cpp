// SPDX-License-Identifier: Apache-2.0
#include "chatvim/secret/patterns.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "text.hpp"

namespace chatvim::secret {
namespace {

/// What a client secret of Microsoft Entra is made of.
constexpr std::string_view kEntra =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
constexpr std::size_t kFarJson = 8192;

/// Three parts in base64url with stops between, the first two of which are JSON (RFC 7519).
Span match_jwt(std::string_view text, std::size_t at) {
  constexpr std::size_t kLeast = 10;
  if (at > 0 && kWord.find(text[at - 1]) != std::string_view::npos) return {};
  std::size_t end = at;
  for (int part = 0; part < 3; ++part) {
    if (part > 0) {
      if (end >= text.size() || text[end] != '.') return {};
      ++end;
    }
    if (part == 1 && !text.substr(end).starts_with("eyJ")) return {};
    const std::size_t size = count_front(text.substr(end), kWord, kFarJson);
    if (size < kLeast) return {};
    end += size;
  }
  return {at, end};
}

/// A password, or a token without one, before the `@` of an address.
Span match_address(std::string_view text, std::size_t at) {
  constexpr std::size_t kLeastToken = 20;
  constexpr std::size_t kMost = 512;
  constexpr std::string_view kEnds = "/@ \t\r\n\"'`<>(){}[]$*|\\";
  const std::size_t begin = at + 3;
  const std::string_view rest = text.substr(std::min(begin, text.size()), kMost);
  const std::size_t sign = rest.find_first_of(kEnds);
  if (sign == std::string_view::npos || rest[sign] != '@') return {};
  const std::string_view who = rest.substr(0, sign);
  const std::size_t colon = who.find(':');
  if (colon == std::string_view::npos) {
    return who.size() >= kLeastToken && is_random(who) ? Span{begin, begin + sign} : Span{};
  }
  const std::string_view password = who.substr(colon + 1);
  constexpr std::array<std::string_view, 6> kUsual = {"pass",          "pw",    "pwd",
                                                      "x-oauth-basic", "token", "x"};
  const bool usual = std::find(kUsual.begin(), kUsual.end(), password) != kUsual.end();
  if (password.size() < 2 || usual || is_placeholder(password)) return {};
  return {begin + colon + 1, begin + sign};
}

/// The password of a connection string: `Server=db;Password=…;`.
template <std::size_t Size>
Span match_connection(std::string_view text, std::size_t at) {
  constexpr std::string_view kEnds = ";\"'`<>{}[]$*\\ \t\r\n";
  const std::size_t begin = at + Size;
  const std::string_view rest = text.substr(begin, kFar);
  const std::string_view password = rest.substr(0, rest.find_first_of(kEnds));
  const bool good = password.size() >= 4 && !is_placeholder(password);
  return good ? Span{begin, begin + password.size()} : Span{};
}

/// The signature of a shared access signature of Azure, in its percent encoding.
Span match_signature(std::string_view text, std::size_t at) {
  if (!is_behind(text, at, "?si") && !is_behind(text, at, "&si")) return {};
  const std::size_t begin = at + 2;
  std::size_t end = begin;
  while (end < text.size() && end - begin < kFar &&
         (kValue.find(text[end]) != std::string_view::npos || text[end] == '%')) {
    ++end;
  }
  return end - begin >= 43 && is_random(text.substr(begin, end - begin)) ? Span{begin, end}
                                                                         : Span{};
}

/// A client secret of Microsoft Entra: three characters, a digit, `Q~`, and 31 to 34 more.
Span match_entra(std::string_view text, std::size_t at) {
  constexpr std::size_t kBefore = 4;
  if (at < kBefore || kDigits.find(text[at - 1]) == std::string_view::npos) return {};
  if (count_back(text, at, kEntra) < kBefore) return {};
  const std::size_t size = count_front(text.substr(at + 2), kEntra);
  return size >= 31 && size <= 34 ? Span{at - kBefore, at + 2 + size} : Span{};
}

/// A bot's token of Telegram: its number, a colon, and 35 characters that begin with two A.
Span match_telegram(std::string_view text, std::size_t at) {
  const std::size_t digits = count_back(text, at, kDigits);
  const std::size_t size = count_front(text.substr(at + 1), kWord);
  const bool alone = digits == at || kWord.find(text[at - digits - 1]) == std::string_view::npos ||
                     is_behind(text, at - digits, "bot");
  return alone && digits >= 8 && digits <= 10 && size == 35 ? Span{at - digits, at + 1 + size}
                                                            : Span{};
}

/// A bot's token of Discord: its number in base64, 6 characters of time, and a signature.
Span match_discord(std::string_view text, std::size_t at) {
  if (at > 0 && kWord.find(text[at - 1]) != std::string_view::npos) return {};
  constexpr std::array<std::size_t, 3> kLeast = {23, 6, 27};
  constexpr std::array<std::size_t, 3> kMost = {28, 6, 40};
  std::size_t end = at;
  for (std::size_t part = 0; part < kLeast.size(); ++part) {
    if (part > 0) {
      if (end >= text.size() || text[end] != '.') return {};
      ++end;
    }
    const std::size_t size = count_front(text.substr(end), kWord);
    if (size < kLeast[part] || size > kMost[part]) return {};
    end += size;
  }
  return {at, end};
}

/// A webhook of Discord: its number and a token.
Span match_webhook(std::string_view text, std::size_t at) {
  const std::size_t begin = at + std::string_view("/webhooks/").size();
  const std::size_t digits = count_front(text.substr(begin), kDigits);
  if (digits < 17 || digits > 20 || !text.substr(begin + digits).starts_with('/')) return {};
  const std::size_t size = count_front(text.substr(begin + digits + 1), kWord);
  return size >= 60 && size <= 80 ? Span{begin, begin + digits + 1 + size} : Span{};
}

constexpr std::string_view kDiscord = "a Discord token";

constexpr std::array kPatterns = {
    SecretPattern{"eyJ", "a JSON web token", match_jwt},
    SecretPattern{"://", "a password in an address", match_address},
    SecretPattern{";Password=", "a password of a connection", match_connection<10>},
    SecretPattern{";password=", "a password of a connection", match_connection<10>},
    SecretPattern{";Pwd=", "a password of a connection", match_connection<5>},
    SecretPattern{";PWD=", "a password of a connection", match_connection<5>},
    SecretPattern{"g=", "an Azure signature", match_signature},
    SecretPattern{"Q~", "an Azure client secret", match_entra},
    SecretPattern{":AA", "a Telegram token", match_telegram},
    SecretPattern{"/webhooks/", "a Discord webhook", match_webhook},
    // Numbers begin with a digit, which in base64 leaves these.
    SecretPattern{"MD", kDiscord, match_discord},
    SecretPattern{"MT", kDiscord, match_discord},
    SecretPattern{"Mj", kDiscord, match_discord},
    SecretPattern{"Mz", kDiscord, match_discord},
    SecretPattern{"ND", kDiscord, match_discord},
    SecretPattern{"NT", kDiscord, match_discord},
    SecretPattern{"Nj", kDiscord, match_discord},
    SecretPattern{"Nz", kDiscord, match_discord},
    SecretPattern{"OD", kDiscord, match_discord},
    SecretPattern{"OT", kDiscord, match_discord},
    SecretPattern{"Oj", kDiscord, match_discord},
    SecretPattern{"Oz", kDiscord, match_discord},
};

}  // namespace

std::span<const SecretPattern> secret_patterns() { return kPatterns; }

}  // namespace chatvim::secret
