// SPDX-License-Identifier: Apache-2.0
#include "secret_patterns.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>

namespace chatvim::embed {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kWord =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kValue =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=~";
/// What a client secret of Microsoft Entra is made of.
constexpr std::string_view kEntra =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
constexpr std::string_view kBlank = " \t";

/// As far as a name or a value is followed: a text that is made of hooks must not cost the square
/// of its size.
constexpr std::size_t kFar = 512;
constexpr std::size_t kFarJson = 8192;

/// How many characters of a set a text begins with, up to `most`.
std::size_t count_front(std::string_view text, std::string_view set, std::size_t most = kFar) {
  text = text.substr(0, most);
  return std::min(text.find_first_not_of(set), text.size());
}

/// How many characters of a set stand before a place, up to `kFar`.
std::size_t count_back(std::string_view text, std::size_t at, std::string_view set) {
  const std::size_t begin = at - std::min(at, kFar);
  const std::string_view before = text.substr(begin, at - begin);
  const std::size_t last = before.find_last_not_of(set);
  return last == std::string_view::npos ? before.size() : before.size() - last - 1;
}

bool is_behind(std::string_view text, std::size_t at, std::string_view before) {
  return text.substr(0, at).ends_with(before);
}

std::string small_letters(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return small;
}

bool is_placeholder(std::string_view value) {
  constexpr std::array<std::string_view, 12> kWords = {
      "example", "xxxx", "your", "changeme", "placeholder", "password",
      "passwd",  "****", "....", "dummy",    "redacted",    "secret"};
  const std::string small = small_letters(value);
  return std::any_of(kWords.begin(), kWords.end(), [&small](std::string_view word) {
    return small.find(word) != std::string::npos;
  });
}

/// Letters and digits in an order that no word has.
bool is_random(std::string_view value) {
  std::bitset<256> different;
  for (const char c : value) different.set(static_cast<unsigned char>(c));
  const bool digits = value.find_first_of(kDigits) != std::string_view::npos;
  const bool letters = value.find_first_not_of(kDigits) != std::string_view::npos;
  return digits && letters && different.count() >= 8 && !is_placeholder(value);
}

/// The value after a name, as in `NAME=value`, `NAME: "value"` or `"name" => 'value'`.
Span value_after(std::string_view text, std::size_t at) {
  constexpr std::string_view kQuotes = "\"'`";
  at += count_front(text.substr(at), kQuotes);
  at += count_front(text.substr(at), kBlank);
  const std::size_t signs = count_front(text.substr(at), ":=>");
  if (signs == 0) return {};
  at += signs;
  at += count_front(text.substr(at), kBlank);
  at += count_front(text.substr(at), kQuotes);
  return {at, at + count_front(text.substr(at), kValue)};
}

/// A random value of a length after the name that ends at `at`.
Span random_value(std::string_view text, std::size_t at, std::size_t least, std::size_t most) {
  const Span value = value_after(text, at);
  const std::size_t size = value.end - value.begin;
  // A call or a member is code, not a value.
  const bool is_code =
      value.end < text.size() && (text[value.end] == '(' || text[value.end] == '.');
  const bool fits = size >= least && size <= most && !is_code;
  return fits && is_random(text.substr(value.begin, size)) ? value : Span{};
}

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

/// `aws_secret_access_key = …` in either case, and any `…_API_KEY=…` that holds a random value.
Span match_key_name(std::string_view text, std::size_t at) {
  constexpr std::size_t kAws = 40;
  const std::size_t end = at + std::string_view("_key").size();
  const std::size_t word = count_back(text, at, kWord);
  const std::string name = small_letters(text.substr(at - word, word));
  if (name.ends_with("secret_access")) return random_value(text, end, kAws, kAws);
  const bool is_key = name.ends_with("api") || name.ends_with("secret") ||
                      name.ends_with("account") || name.ends_with("private");
  return is_key ? random_value(text, end, 20, 200) : Span{};
}

/// The same as one word: `secretAccessKey`, `SharedAccessKey`.
Span match_key_word(std::string_view text, std::size_t at) {
  const std::size_t end = at + std::string_view("sKey").size();
  const bool aws = is_behind(text, at, "ecretAcces");
  const bool azure = is_behind(text, at, "haredAcces");
  return aws || azure ? random_value(text, end, 40, 44) : Span{};
}

/// A variable whose name says that it holds a token, a secret or a password.
template <std::size_t Size>
Span match_variable(std::string_view text, std::size_t at) {
  return random_value(text, at + Size, 16, 200);
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

constexpr std::string_view kNamed = "what a variable for secrets holds";
constexpr std::string_view kDiscord = "a Discord token";

constexpr std::array kPatterns = {
    SecretPattern{"eyJ", "a JSON web token", match_jwt},
    SecretPattern{"://", "a password in an address", match_address},
    SecretPattern{"_key", "a secret key", match_key_name},
    SecretPattern{"_KEY", "a secret key", match_key_name},
    SecretPattern{"sKey", "a secret key", match_key_word},
    SecretPattern{"_TOKEN", kNamed, match_variable<6>},
    SecretPattern{"_SECRET", kNamed, match_variable<7>},
    SecretPattern{"_PASSWORD", kNamed, match_variable<9>},
    SecretPattern{"_PASSWD", kNamed, match_variable<7>},
    SecretPattern{"_token", kNamed, match_variable<6>},
    SecretPattern{"_secret", kNamed, match_variable<7>},
    SecretPattern{"_password", kNamed, match_variable<9>},
    SecretPattern{"_passwd", kNamed, match_variable<7>},
    SecretPattern{"_authToken", kNamed, match_variable<10>},
    SecretPattern{"ssToken", kNamed, match_variable<7>},
    SecretPattern{"ntSecret", kNamed, match_variable<8>},
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

}  // namespace chatvim::embed
