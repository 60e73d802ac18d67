// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

// What pieces of text cost in o200k_base, fitted by least squares to the words of prose in ten
// languages, sources in seven, data and logs, 300,000 words in all. Costs are in hundredths of a
// token.
namespace chatvim::tokens {

using Cost = std::int64_t;
inline constexpr Cost kToken = 100;

/// How much a pair of neighbouring letters adds to its word: the row is the first letter, the
/// column the second; `a` is -40, each further letter of the alphabet 6 more. Pairs that are common
/// in words that the vocabulary holds whole are cheap.
inline constexpr std::int32_t kLeastPair = -40;
inline constexpr std::int32_t kPairStep = 6;
inline constexpr std::array<std::string_view, 26> kPairs = {
    "ohhgpjbijrlegguineiekhkgej",  // a
    "jsntirmjlfsbtukrighhfkptft",  // b
    "ipnqcqugjkheirhgmhnaionvjl",  // c
    "kqqmfslslohimokrmkkklrolie",  // d
    "jolikijnprsimitlgghkpljkkq",  // e
    "htnoglimivopnoivlksjmnlkgl",  // f
    "qnorhrlfnwqgkjnztiiimkqnoh",  // g
    "jonohmonlsqnofkgmiramookri",  // h
    "iggefeeqmmkekeadmdgdtgvhrb",  // i
    "jntjhsjnnqikpeivkojsolppld",  // j
    "mimfhvaqoplqrlqpokhjpuipmm",  // k
    "mkqjiklumwpiqtllpplklnnoex",  // l
    "ifrqdtxrlzrkhljgkthonspwol",  // m
    "mxjijkfpppmpnkmmtrgfnloqnj",  // n
    "knhilafnokighehjpejiijehjn",  // o
    "korifqpjlqwcglijlfnhjnmxds",  // p
    "pnmkkzqnonlckjopkprlglwomr",  // q
    "kqliilkonqpojijlpkkjmqkufp",  // r
    "oukpgsihmunknnljnhggirfphq",  // s
    "lslngmmfltmlnomjtiillogncg",  // t
    "ljligkipjqlegfrhkcidumoalm",  // u
    "ktstdrjukslpstizinsputoosl",  // v
    "mmtoisvjmnqdrggvvhfpqpitmk",  // w
    "luctgtiomlirhqvkowsfoupjjv",  // x
    "rtvqptuysttrmknprphoroiltq",  // y
    "pvtriwuwspzuvnqnmotnnrlpiq",  // z
};

/// What a word of so many letters costs beside its pairs, one column for each number of letters:
/// in lower case after a space, in lower case after anything else, in capitals.
inline constexpr int kMostLetters = 20;
inline constexpr std::array<std::array<std::int16_t, kMostLetters + 1>, 3> kLengths = {{
    {0, 0, -98, -79, -72, -58, -58, -48, -40, -31, -18, -7, 8, 19, 39, 60, 92, 119, 135, 149, 166},
    {0, 0, -61, -53, -60, -45, -44, -28, -19, -7, 17, 34, 50, 60, 78, 97, 115, 135, 155, 176, 200},
    {0,  0,   -85, -75, -56, -25, -25, -11, 39,  60, 66,
     96, 115, 130, 150, 165, 180, 195, 210, 225, 240},
}};

/// What a word costs by what stands before it (a space, nothing, a sign that goes with it) and by
/// its case (lower, one capital, capitals).
inline constexpr std::array<std::array<std::int16_t, 3>, 3> kWords = {{
    {133, 149, 170},
    {133, 135, 169},
    {157, 196, 199},
}};

inline constexpr Cost kFurtherLetter = 18;  ///< beyond those of kLengths
inline constexpr Cost kMarked = 40;         ///< a letter with a mark, in place of its pairs
inline constexpr Cost kRareMarked = 65;     ///< one that is not in Latin-1
inline constexpr Cost kTwiceMarked = 45;    ///< one of Vietnamese with two
inline constexpr Cost kContraction = 60;

/// What a run of different signs costs by its length.
inline constexpr int kMostSigns = 6;
inline constexpr std::array<std::int16_t, kMostSigns + 1> kSigns = {0,   100, 108, 140,
                                                                    185, 225, 270};
inline constexpr Cost kFurtherSign = 55;
/// A run of one sign is a token unless it is longer than this.
inline constexpr int kLongRule = 16;

/// Characters that the vocabulary treats alike. Of a word, so many are its first token and each
/// further one costs as much, up to a length where endings are one token again; where none are
/// free, each character costs as much.
struct Script {
  std::uint32_t first;
  std::uint32_t last;
  std::int16_t free;
  std::int16_t each;
  std::int16_t most;
  bool letters;
};

inline constexpr std::int16_t kAll = 32767;
inline constexpr std::array kScripts = {
    Script{0x0080, 0x00BF, 0, 110, kAll, false},    // signs of Latin-1
    Script{0x0370, 0x03FF, 3, 46, kAll, true},      // Greek
    Script{0x0400, 0x052F, 2, 23, 9, true},         // Cyrillic
    Script{0x0530, 0x058F, 1, 55, kAll, true},      // Armenian
    Script{0x0590, 0x05FF, 2, 60, kAll, true},      // Hebrew
    Script{0x0600, 0x077F, 2, 24, kAll, true},      // Arabic
    Script{0x0900, 0x0DFF, 2, 35, kAll, true},      // scripts of India
    Script{0x0E00, 0x0EFF, 1, 37, kAll, true},      // Thai, Lao
    Script{0x0F00, 0x1DFF, 1, 45, kAll, true},      // Tibetan, Burmese, Georgian, Ethiopic, Khmer
    Script{0x2000, 0x206F, 0, 95, kAll, false},     // dashes, quotes
    Script{0x2070, 0x2BFF, 0, 105, kAll, false},    // arrows, mathematics, boxes
    Script{0x3000, 0x303F, 0, 85, kAll, false},     // punctuation of Chinese and Japanese
    Script{0x3040, 0x30FF, 0, 64, kAll, true},      // Hiragana, Katakana
    Script{0x3400, 0x9FFF, 0, 75, kAll, true},      // Chinese characters
    Script{0xAC00, 0xD7A3, 1, 52, kAll, true},      // Hangul
    Script{0xFF00, 0xFFEF, 0, 90, kAll, false},     // wide forms
    Script{0x1F000, 0x1FAFF, 0, 180, kAll, false},  // emoji
};
inline constexpr Script kOther{0, 0, 0, 150, kAll, true};  ///< what is in no row
inline constexpr Cost kLeadOfIdeograph = 60;               ///< a space or sign before one
inline constexpr Cost kNoLead = 50;     ///< a word of another script without a space
inline constexpr Cost kSignLead = 130;  ///< one with a sign before it

}  // namespace chatvim::tokens
