// SPDX-License-Identifier: Apache-2.0
// Fuzzes the sanitizing of untrusted text before it is shown, and the search for secrets.
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

/// Whether the text contains terminal control characters: C0 except line breaks and tabs, DEL, C1,
/// and characters that change the writing direction.
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
    expect(joined == whole, "cuts do not change the result");
    // Only pairs of surrogates are joined by a stream but not by the other function.
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
      expect(shown.size() <= most, "the shown text is no longer than the limit");
      expect(!text::find_invalid_utf8(shown), "the shown text is UTF-8");
      expect(!commands(shown) && shown.find('\n') == std::string::npos,
             "the shown text is a single harmless line");
    }
  }
  const std::string harmless = text::harmless(input);
  expect(!text::find_invalid_utf8(harmless) && !commands(harmless),
         "a terminal gets no control characters");
}

void text_redact(std::string_view input) {
  const std::string secret(take_part(input));
  const std::string said(input);
  const std::array secrets{secret};
  // The secret inside the text and at its end, where it may be truncated.
  for (const std::string& text : {said, said + secret + said, secret + secret, said + secret}) {
    const std::string shown = text::redact(text, secrets);
    // The placeholder for a secret consists of stars.
    if (secret.size() >= 8 && secret.find('*') == std::string::npos) {
      expect(shown.find(secret) == std::string::npos, "a secret is not shown");
    }
    if (secret.size() < 8) expect(shown == text, "short words are not redacted");
  }
  text::redact_addresses(said);
  const text::Search search(secret);
  if (std::none_of(secret.begin(), secret.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
      std::any_of(secret.begin(), secret.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
    expect(search.is_in(said) == (said.find(secret) != std::string::npos),
           "a text is found exactly if it occurs");
  }
  expect(search.is_in(said + secret), "a text is found at the end");
  const auto head = secret.substr(0, kShort);
  const auto other = said.substr(0, kShort);
  const std::size_t edits = text::count_edits(head, other);
  expect(edits == text::count_edits(other, head), "edits are symmetric");
  expect(edits <= std::max(head.size(), other.size()), "there are no more edits than bytes");
}

}  // namespace chatvim::fuzz
