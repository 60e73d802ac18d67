// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "text.hpp"

namespace chatvim::secret {
namespace {

constexpr std::string_view kBlank = " \t";
constexpr std::string_view kQuotes = "\"'`\\";
constexpr std::string_view kLineEnds = "\r\n";

constexpr bool is_number(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_small(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_large(char c) { return c >= 'A' && c <= 'Z'; }

/// What a name is given.
struct Assigned {
  enum class Form {
    kNone,
    kQuoted,
    kPlain,  ///< as a shell, `.env` and YAML have it: no source code looks so
    kSpaced  ///< `name = value` on a line of its own: INI, or source code
  };
  Form form = Form::kNone;
  Span where;
  std::string_view text;
};

/// Whether nothing but blanks and a comment follow on the line.
bool ends_line(std::string_view text, std::size_t at) {
  const std::size_t blanks = count_front(text.substr(at), kBlank);
  at += blanks;
  return at >= text.size() || kLineEnds.find(text[at]) != std::string_view::npos ||
         (blanks > 0 && text[at] == '#');
}

/// Up to the end of the quotes or, where they do not end, nothing.
Assigned quoted(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at, kFar);
  const std::size_t end = rest.find_first_of("\"'`\\ \t\r\n");
  if (end == std::string_view::npos || kQuotes.find(rest[end]) == std::string_view::npos) return {};
  return {Assigned::Form::kQuoted, {at, at + end}, rest.substr(0, end)};
}

/// `<password>value</password>`
Assigned in_element(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at, kFar);
  const std::size_t end = rest.find_first_of("< \t\r\n");
  if (end == std::string_view::npos || !rest.substr(end).starts_with("</")) return {};
  return {Assigned::Form::kQuoted, {at, at + end}, rest.substr(0, end)};
}

/// The value after the name that ends at a place, as in `NAME=value`, `NAME: "value"`,
/// `"name" => 'value'` or `x["name"] = "value"`.
Assigned value_after(std::string_view text, std::size_t at) {
  const std::size_t name_end = at;
  at += count_front(text.substr(at), kQuotes);
  if (at > name_end && at < text.size() && text[at] == ']') ++at;
  const std::size_t before = count_front(text.substr(at), kBlank);
  at += before;
  const std::size_t signs = count_front(text.substr(at), ":=>");
  if (signs == 0) return {};
  const char sign = text[at];
  if (sign == '>') return at == name_end ? in_element(text, at + signs) : Assigned{};
  at += signs;
  const std::size_t after = count_front(text.substr(at), kBlank);
  at += after;
  if (const std::size_t quotes = count_front(text.substr(at), kQuotes)) {
    return quoted(text, at + quotes);
  }
  const std::string_view rest = text.substr(at, kFar);
  const std::size_t size = std::min(rest.find_first_of(" \t\r\n"), rest.size());
  Assigned found{Assigned::Form::kPlain, {at, at + size}, rest.substr(0, size)};
  const bool is_one_word = sign == '=' && before + after == 0;
  if (signs > 1 || (!is_one_word && !ends_line(text, at + size))) return {};
  if (sign == '=' && !is_one_word) found.form = Assigned::Form::kSpaced;
  return found;
}

/// Whether a value stands for one that is elsewhere: a variable, a call, a member, a file.
bool refers(const Assigned& value) {
  if (value.text.find_first_of("${}<>") != std::string_view::npos) return true;
  if (value.form == Assigned::Form::kQuoted) return value.text.find("%(") != std::string_view::npos;
  const bool is_path = value.text.find_first_of("/~.") == 0;
  return is_path || value.text.find_first_of("()[],;|&\"'`\\") != std::string_view::npos;
}

/// How often a letter follows a digit or a digit a letter: names have their numbers at the end.
int count_turns(std::string_view text) {
  int turns = 0;
  char last = 0;
  for (const char c : text) {
    if (!is_number(c) && !is_small(c) && !is_large(c)) continue;
    turns += last != 0 && is_number(last) != is_number(c) ? 1 : 0;
    last = c;
  }
  return turns;
}

/// The characters of a token that a value begins with; none where more of it follows that makes it
/// a call, a member or the like.
std::string_view token_in(const Assigned& value) {
  if (value.form == Assigned::Form::kQuoted) return value.text;
  const std::size_t size = count_front(value.text, kValue);
  const bool is_code = size < value.text.size() &&
                       std::string_view("([{.:>").find(value.text[size]) != std::string_view::npos;
  return is_code ? std::string_view() : value.text.substr(0, size);
}

/// A random value of a length after the name that ends at `at`.
Span random_value(std::string_view text, std::size_t at, std::size_t least, std::size_t most) {
  Assigned value = value_after(text, at);
  value.text = token_in(value);
  const std::size_t size = value.text.size();
  if (size < least || size > most || refers(value)) return {};
  const bool is_plain = value.form != Assigned::Form::kSpaced &&
                        value.text.find_first_not_of(kValue) == std::string_view::npos;
  if (count_turns(value.text) < (is_plain ? 2 : 3) || !is_random(value.text)) return {};
  return {value.where.begin, value.where.begin + size};
}

/// Whether a text has letters, and digits or signs among them, as passwords have.
bool is_mixed(const Assigned& value) {
  const std::string_view text = value.text;
  const bool letters =
      std::any_of(text.begin(), text.end(), [](char c) { return is_small(c) || is_large(c); });
  const bool digits = std::any_of(text.begin(), text.end(), is_number);
  const bool signs = text.find_first_of("!@#%^*?") != std::string_view::npos;
  if (value.form == Assigned::Form::kSpaced && !signs && count_turns(text) < 3) return false;
  const bool cases = std::any_of(text.begin(), text.end(), is_small) &&
                     std::any_of(text.begin(), text.end(), is_large);
  return letters && (digits || (cases && signs));
}

/// A password after the name that ends at `at`: it may be shorter than what a machine makes.
Span password_value(std::string_view text, std::size_t at) {
  constexpr std::size_t kLeast = 8;
  constexpr std::size_t kMost = 200;
  constexpr auto kUsual = std::to_array<std::string_view>({"test", "fake", "sample", "://"});
  Assigned value = value_after(text, at);
  // Others follow in an address or a connection string.
  if (value.form != Assigned::Form::kQuoted) {
    value.text = value.text.substr(0, value.text.find_first_of("&;"));
  }
  const std::size_t size = value.text.size();
  if (size < kLeast || size > kMost || refers(value) || is_placeholder(value.text)) return {};
  const std::string small = small_letters(value.text);
  const bool is_usual = std::any_of(kUsual.begin(), kUsual.end(), [&small](std::string_view word) {
    return small.find(word) != std::string::npos;
  });
  const bool is_member = value.form != Assigned::Form::kQuoted &&
                         value.text.find('.') != std::string_view::npos &&
                         value.text.find_first_of("!@#%^*?") == std::string_view::npos;
  if (is_usual || is_member || !is_mixed(value)) return {};
  return {value.where.begin, value.where.begin + size};
}

/// Up to so many characters before a place, in small letters.
std::string before(std::string_view text, std::size_t at, std::size_t most) {
  const std::size_t begin = at - std::min(at, most);
  return small_letters(text.substr(begin, at - begin));
}

/// Whether a word begins at a place in a name, as in `TOKEN`, `x_token`, `xToken` and `XTOKEN`.
bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0 || (!is_small(text[at - 1]) && !is_large(text[at - 1]))) return true;
  return is_large(text[at]) && (is_small(text[at - 1]) || is_large(text[at + 1]));
}

/// `TOKEN=…`, `github_token: …`, `accessToken: …`, but not `nextPageToken`.
Span match_token(std::string_view text, std::size_t at) {
  constexpr auto kKinds = std::to_array<std::string_view>(
      {"access", "auth", "api", "bearer", "bot", "refresh", "secret", "session"});
  if (before(text, at, 1) != "t" || !begins_word(text, at - 1)) return {};
  const bool is_camel = at > 1 && is_small(text[at - 2]);
  const std::string kind = before(text, at - 1, 8);
  const bool is_known = std::any_of(kKinds.begin(), kKinds.end(),
                                    [&kind](auto known) { return kind.ends_with(known); });
  return is_known || !is_camel ? random_value(text, at + 4, 16, 200) : Span{};
}

/// `SECRET=…`, `client_secret: …`, `"clientSecret": …`
Span match_secret(std::string_view text, std::size_t at) {
  const bool is_word = before(text, at, 2) == "se" && begins_word(text, at - 2);
  return is_word ? random_value(text, at + 4, 16, 200) : Span{};
}

/// "password", "passwd", "pwd" and "passphrase" at the end of a name, from the hook on.
template <std::size_t Size>
Span match_password(std::string_view text, std::size_t at) {
  const std::string start = before(text, at, 4);
  const bool is_password = text[at] == '_' || start.ends_with("pa") || start == "pass";
  return is_password ? password_value(text, at + Size) : Span{};
}

/// `aws_secret_access_key = …`, `X-Api-Key: …` and other names of secret keys, in either case. The
/// hook is the separator and "key", or "ikey".
Span match_key(std::string_view text, std::size_t at) {
  constexpr std::size_t kAws = 40;
  constexpr auto kKinds = std::to_array<std::string_view>(
      {"api", "secret", "account", "private", "access", "auth", "encryption", "signing", "master"});
  const std::size_t name_at = at + (text[at] == '_' || text[at] == '-' ? 0 : 1);
  const std::size_t end = name_at + (name_at == at ? 4 : 3);
  const std::size_t word = count_back(text, name_at, kWord);
  const std::string name = small_letters(text.substr(name_at - word, word));
  if (name.ends_with("secret_access")) return random_value(text, end, kAws, kAws);
  const bool is_key = std::any_of(kKinds.begin(), kKinds.end(),
                                  [&name](auto kind) { return name.ends_with(kind); });
  return is_key ? random_value(text, end, 20, 200) : Span{};
}

/// The same as one word: `secretAccessKey`, `SharedAccessKey`.
Span match_key_word(std::string_view text, std::size_t at) {
  const std::size_t end = at + std::string_view("sKey").size();
  return is_behind(text, at, "cces") ? random_value(text, end, 20, 200) : Span{};
}

/// `Authorization: Bearer …`, and `Basic` with what base64 makes of a name and a password.
template <std::size_t Size>
Span match_authorization(std::string_view text, std::size_t at) {
  constexpr std::string_view kToken =
      "-_+/=~."
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t kLeast = 16;
  constexpr std::size_t kMost = 4096;
  if (at > 0 && kWord.find(text[at - 1]) != std::string_view::npos) return {};
  const bool is_header = before(text, at, 24).find("authorization") != std::string::npos;
  const std::size_t begin = at + Size;
  const std::size_t size = count_front(text.substr(begin), kToken, kMost);
  const std::string_view token = text.substr(begin, size);
  const bool fits = size >= (is_header ? kLeast : 20) && count_turns(token) >= 2;
  const bool is_basic = text[at + 1] == 'a';
  return fits && (is_header || !is_basic) && is_random(token) ? Span{begin, begin + size} : Span{};
}

constexpr std::string_view kNamed = "what a variable for secrets holds";
constexpr std::string_view kKey = "a secret key";
constexpr std::string_view kHeader = "a token of a request";

// Hooks begin with two letters that are rare in text.
constexpr std::array kNamedSecrets = {
    SecretPattern{"_key", kKey, match_key},
    SecretPattern{"_KEY", kKey, match_key},
    SecretPattern{"-key", kKey, match_key},
    SecretPattern{"-Key", kKey, match_key},
    SecretPattern{"-KEY", kKey, match_key},
    SecretPattern{"ikey", kKey, match_key},
    SecretPattern{"iKey", kKey, match_key},
    SecretPattern{"IKEY", kKey, match_key},
    SecretPattern{"sKey", kKey, match_key_word},
    SecretPattern{"oken", kNamed, match_token},
    SecretPattern{"OKEN", kNamed, match_token},
    SecretPattern{"cret", kNamed, match_secret},
    SecretPattern{"CRET", kNamed, match_secret},
    SecretPattern{"ssword", kNamed, match_password<6>},
    SecretPattern{"SSWORD", kNamed, match_password<6>},
    SecretPattern{"sswd", kNamed, match_password<4>},
    SecretPattern{"SSWD", kNamed, match_password<4>},
    SecretPattern{"phrase", kNamed, match_password<6>},
    SecretPattern{"PHRASE", kNamed, match_password<6>},
    SecretPattern{"_pwd", kNamed, match_password<4>},
    SecretPattern{"_PWD", kNamed, match_password<4>},
    SecretPattern{"Bearer ", kHeader, match_authorization<7>},
    SecretPattern{"bearer ", kHeader, match_authorization<7>},
    SecretPattern{"Basic ", kHeader, match_authorization<6>},
};

}  // namespace

std::span<const SecretPattern> named_secrets() { return kNamedSecrets; }

}  // namespace chatvim::secret
