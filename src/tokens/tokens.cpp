// SPDX-License-Identifier: Apache-2.0
#include "chatvim/tokens/tokens.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "table.hpp"

namespace chatvim::tokens {

namespace {

/// What stands directly before a word and goes with it; after `kTab` only a word.
enum Lead : std::uint8_t { kSpace, kNothing, kSign, kTab };

enum Kind : std::uint8_t { kLower, kUpper, kDigit, kBlank, kBreak, kPunctuation, kBeyond };

constexpr std::array<Kind, 256> make_kinds() {
  std::array<Kind, 256> kinds{};
  for (std::size_t byte = 0; byte < kinds.size(); ++byte) {
    Kind kind = kPunctuation;
    if (byte >= 'a' && byte <= 'z') kind = kLower;
    if (byte >= 'A' && byte <= 'Z') kind = kUpper;
    if (byte >= '0' && byte <= '9') kind = kDigit;
    if (byte == ' ' || byte == '\t' || byte == '\v' || byte == '\f') kind = kBlank;
    if (byte == '\n' || byte == '\r') kind = kBreak;
    if (byte >= 0x80) kind = kBeyond;
    kinds[byte] = kind;
  }
  return kinds;
}
constexpr std::array<Kind, 256> kKinds = make_kinds();

/// The table of pairs by the five low bits of two letters, which are the same in both cases; 0
/// stands for no letter.
constexpr std::array<std::int8_t, 1024> make_pairs() {
  std::array<std::int8_t, 1024> pairs{};
  for (std::size_t first = 0; first < kPairs.size(); ++first) {
    for (std::size_t second = 0; second < kPairs.size(); ++second) {
      pairs[(first + 1) * 32 + second + 1] =
          static_cast<std::int8_t>(kLeastPair + kPairStep * (kPairs[first][second] - 'a'));
    }
  }
  return pairs;
}
constexpr std::array<std::int8_t, 1024> kPairCosts = make_pairs();

/// Adds up what the pieces of a text cost.
class Counter {
 public:
  explicit Counter(std::string_view text)
      : start_(text.data()), at_(start_), end_(start_ + text.size()) {}

  /// Goes on to the text's end, or to the end of the piece that reaches this byte.
  Cost count_to(std::size_t end) {
    const char* const stop = start_ + end;
    while (at_ < stop) {
      const Kind what = kind(at_);
      // Words are most of a text.
      if (what <= kUpper) {
        latin_word();
      } else if (what == kBlank || what == kBreak) {
        white_space();
      } else if (what == kPunctuation) {
        signs();
      } else if (what == kDigit) {
        digits();
      } else {
        beyond();
      }
    }
    return cost_;
  }

 private:
  static std::uint32_t byte(const char* at) { return static_cast<unsigned char>(*at); }
  static Kind kind(const char* at) { return kKinds[byte(at)]; }
  Lead take_lead() {
    const Lead lead = lead_;
    lead_ = kNothing;
    return lead;
  }

  /// Bytes of a Latin letter with a mark (U+00C0 to U+024F, and those of Vietnamese); 0: there is
  /// none.
  std::size_t marked_letter(const char* at) const {
    const std::uint32_t first = byte(at);
    if (first >= 0xC3 && first <= 0xC9 && end_ - at >= 2) return 2;
    if (first == 0xE1 && end_ - at >= 3 && byte(at + 1) >= 0xB8 && byte(at + 1) <= 0xBB) return 3;
    return 0;
  }

  /// Letters of one case, from `first` to the 26th of that alphabet; adds up their pairs.
  [[gnu::always_inline]] inline void letters_from(char first, std::uint32_t& last,
                                                  std::int32_t& sum) {
    const char* at = at_;
    std::uint32_t letter = 0;
    while (at != end_ && (letter = byte(at) - static_cast<unsigned char>(first)) < 26U) {
      sum += kPairCosts[last + letter + 1];
      last = (letter + 1) * 32;
      ++at;
    }
    at_ = at;
  }

  /// A word of Latin letters: it ends before a capital that follows a small letter.
  void latin_word() {
    const Lead lead = take_lead();
    const char* const start = at_;
    std::uint32_t last = 0;
    std::int32_t sum = 0;
    letters_from('A', last, sum);
    const auto capitals = static_cast<int>(at_ - start);
    letters_from('a', last, sum);
    std::ptrdiff_t size = at_ - start;
    while (at_ != end_ && kind(at_) == kBeyond) {
      const std::size_t marked = marked_letter(at_);
      if (marked == 0) break;
      sum += static_cast<std::int32_t>(marked == 3         ? kTwiceMarked
                                       : byte(at_) == 0xC3 ? kMarked
                                                           : kRareMarked);
      last = 0;
      at_ += marked;
      const char* const next = at_;
      letters_from('a', last, sum);
      size += 1 + (at_ - next);
    }
    add_word(lead, static_cast<int>(size), capitals, sum);
  }

  void add_word(Lead lead, int letters, int capitals, Cost sum) {
    const std::size_t form = capitals == 0 ? 0 : capitals == 1 && letters > 1 ? 1 : 2;
    const auto& lengths = kLengths[form == 2 ? 2 : lead == kSpace ? 0 : 1];
    const int known = std::min(letters, kMostLetters);
    if (letters == 1) {
      cost_ += lead == kSign ? kToken + kToken / 10 : kToken;
    } else {
      const Cost word = kWords[std::min<std::size_t>(lead, kSign)][form] +
                        lengths[static_cast<std::size_t>(known)] + sum +
                        kFurtherLetter * (letters - known);
      cost_ += std::max(kToken, word);
    }
    if (end_ - at_ >= 2 && *at_ == '\'' && kind(at_ + 1) == kLower) contraction();
  }

  /// "'s" and the like go with the word before them.
  void contraction() {
    const char* end = at_ + 1;
    while (end != end_ && kind(end) == kLower) ++end;
    if (end - at_ > 3) return;
    at_ = end;
    cost_ += kContraction;
  }

  /// Three digits are a token; no space goes with them.
  void digits() {
    const Lead lead = take_lead();
    if (lead == kSpace || lead == kTab) cost_ += kToken;
    const char* const start = at_;
    while (at_ != end_ && kind(at_) == kDigit) ++at_;
    cost_ += kToken * ((at_ - start + 2) / 3);
  }

  /// All up to the last line break is one token; of the blanks behind it the last goes with what
  /// follows, and those before that are one token.
  void white_space() {
    if (*at_ == ' ' && end_ - at_ > 1 && kind(at_ + 1) <= kDigit) {
      ++at_;
      lead_ = kSpace;
      return;
    }
    const char* const start = at_;
    const char* blanks = at_;
    for (; at_ != end_; ++at_) {
      const Kind what = kind(at_);
      if (what == kBreak) {
        blanks = at_ + 1;
      } else if (what != kBlank) {
        break;
      }
    }
    if (blanks != start) cost_ += kToken;
    if (at_ == blanks) return;
    if (at_ == end_ || at_ - blanks > 1) cost_ += kToken;
    if (at_ != end_) lead_ = *(at_ - 1) == ' ' ? kSpace : kTab;
  }

  /// A run of punctuation, with the line breaks behind it. A single sign goes with the word behind.
  void signs() {
    const Lead lead = take_lead();
    if (lead == kTab) cost_ += kToken;
    int size = 0;
    int changes = 0;
    for (; at_ != end_ && kind(at_) == kPunctuation; ++at_) {
      if (size > 0 && *at_ != *(at_ - 1)) ++changes;
      ++size;
    }
    if (size == 1 && lead != kSpace && at_ != end_ && kind(at_) <= kUpper) {
      lead_ = kSign;
      return;
    }
    if (changes == 0) {
      cost_ += kToken + (size > kLongRule ? kToken * size / kLongRule : 0);
    } else {
      const int known = std::min<int>(size, kMostSigns);
      cost_ +=
          kSigns[static_cast<std::size_t>(known)] + kFurtherSign * std::min(size - known, changes);
    }
    while (at_ != end_ && kind(at_) == kBreak) ++at_;
  }

  /// A character beyond ASCII and those like it behind it.
  void beyond() {
    if (marked_letter(at_) > 0) return latin_word();
    const Lead lead = take_lead();
    const Script* const script = &script_of(character());
    std::size_t count = 0;
    while (at_ != end_ && kind(at_) == kBeyond) {
      const char* const before = at_;
      const std::uint32_t next = character();
      if (next < script->first || next > script->last) {
        // What belongs nowhere goes on until something belongs somewhere.
        if (script != &kOther || &script_of(next) != script) break;
      }
      at_ = before + size_;
      ++count;
    }
    add_run(*script, lead, static_cast<Cost>(count));
  }

  void add_run(const Script& script, Lead lead, Cost count) {
    if (script.free == 0) {
      cost_ += script.each * count + (script.letters && lead != kNothing ? kLeadOfIdeograph : 0);
    } else {
      cost_ += std::max(kToken,
                        kToken + script.each * (std::min<Cost>(count, script.most) - script.free));
      if (lead != kSpace) cost_ += lead == kNothing ? kNoLead : kSignLead;
    }
    if (lead == kTab) cost_ += kToken;
  }

  /// The character at `at_`, its size in `size_`. What is no UTF-8 is a character of one byte.
  std::uint32_t character() {
    const std::uint32_t first = byte(at_);
    size_ = 1;
    const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (wanted == 1 || static_cast<std::size_t>(end_ - at_) < wanted) return 0;
    std::uint32_t value = first & (0x7FU >> wanted);
    for (std::size_t i = 1; i < wanted; ++i) value = value << 6U | (byte(at_ + i) & 0x3FU);
    size_ = wanted;
    return value;
  }

  static const Script& script_of(std::uint32_t character) {
    const auto* const found =
        std::lower_bound(kScripts.begin(), kScripts.end(), character,
                         [](const Script& script, std::uint32_t c) { return script.last < c; });
    return found != kScripts.end() && found->first <= character ? *found : kOther;
  }

  const char* start_;
  const char* at_;
  const char* end_;
  std::size_t size_ = 1;
  Lead lead_ = kNothing;
  Cost cost_ = 0;
};

std::size_t in_tokens(Cost cost) { return static_cast<std::size_t>((cost + kToken / 2) / kToken); }

}  // namespace

std::size_t estimate_tokens(std::string_view text) {
  return in_tokens(Counter(text).count_to(text.size()));
}

std::vector<std::size_t> estimate_tokens(std::string_view text, std::span<const std::size_t> ends) {
  std::vector<std::size_t> counts;
  counts.reserve(ends.size());
  Counter counter(text);
  for (const std::size_t end : ends) {
    counts.push_back(in_tokens(counter.count_to(std::min(end, text.size()))));
  }
  return counts;
}

}  // namespace chatvim::tokens
