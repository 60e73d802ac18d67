// SPDX-License-Identifier: Apache-2.0
// Text of others before it is shown, and the search for what must not be.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "chatvim/text/edits.hpp"
#include "chatvim/text/redact.hpp"
#include "chatvim/text/search.hpp"
#include "chatvim/text/utf8.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

constexpr std::size_t kShort = 40;

/// Whether a terminal obeys something in it: C0 but line breaks and tabs, DEL, C1, and what turns
/// text round.
bool commands(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) return true;
    const std::string_view rest = text.substr(i);
    if (byte == 0xC2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xA0) return true;
    for (const std::string_view turn : {"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066",
                                        "\u2067", "\u2068", "\u2069"}) {
      if (rest.starts_with(turn)) return true;
    }
  }
  return false;
}

void check_stream(std::string_view input, const std::string& replaced) {
  for (const auto& pieces : {cut(input), single_bytes(input)}) {
    text::Utf8Stream stream;
    std::string joined;
    for (const std::string& piece : pieces) {
      const std::string part = stream.feed(piece);
      expect(!text::find_invalid_utf8(part), "each part is UTF-8");
      joined += part;
    }
    joined += stream.finish();
    text::Utf8Stream at_once;
    std::string whole = at_once.feed(input);
    whole += at_once.finish();
    expect(joined == whole, "cuts make no difference");
    // Pairs of surrogates are the one thing that a stream mends.
    if (input.find('\xED') == std::string_view::npos)
      expect(joined == replaced, "ill-formed bytes are replaced");
  }
}

}  // namespace

void text_utf8(std::string_view input) {
  const std::string replaced = text::replace_invalid_utf8(input);
  expect(!text::find_invalid_utf8(replaced), "replaced text is UTF-8");
  expect(text::find_invalid_utf8(input).has_value() == (replaced != input),
         "only what is not UTF-8 is replaced");
  check_stream(input, replaced);
  for (const std::size_t most : {kShort, input.size() * 4 + 8}) {
    for (const std::string& shown :
         {text::printable(input, most), text::printable_name(input, most)}) {
      expect(shown.size() <= most, "what is shown is no longer than asked for");
      expect(!text::find_invalid_utf8(shown), "what is shown is UTF-8");
      expect(!commands(shown) && shown.find('\n') == std::string::npos,
             "what is shown is one harmless line");
    }
  }
  const std::string harmless = text::harmless(input);
  expect(!text::find_invalid_utf8(harmless) && !commands(harmless),
         "a terminal gets nothing to obey");
}

void text_redact(std::string_view input) {
  const std::string secret(take_part(input));
  const std::string said(input);
  const std::array secrets{secret};
  // In the midst of the text and at its end, where it may be cut.
  for (const std::string& text : {said, said + secret + said, secret + secret, said + secret}) {
    const std::string shown = text::redact(text, secrets);
    // What stands for a secret is made of stars.
    if (secret.size() >= 8 && secret.find('*') == std::string::npos) {
      expect(shown.find(secret) == std::string::npos, "a secret is not shown");
    }
    if (secret.size() < 8) expect(shown == text, "words stay");
  }
  text::redact_addresses(said);
  const text::Search search(secret);
  if (std::none_of(secret.begin(), secret.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
      std::any_of(secret.begin(), secret.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
    expect(search.is_in(said) == (said.find(secret) != std::string::npos),
           "a text is found where it is");
  }
  expect(search.is_in(said + secret), "a text is found at the end");
  const auto head = secret.substr(0, kShort);
  const auto other = said.substr(0, kShort);
  const std::size_t edits = text::count_edits(head, other);
  expect(edits == text::count_edits(other, head), "edits are as many both ways");
  expect(edits <= std::max(head.size(), other.size()), "no more edits than bytes");
}

}  // namespace chatvim::fuzz
