// SPDX-License-Identifier: Apache-2.0
#include "chatvim/terminal/keys.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace chatvim::terminal::keys_test {
namespace {

using Kind = Key::Kind;
using Keys = std::vector<Key>;

/// Reads the bytes whole and one by one, which must be the same.
Keys read(const std::string& bytes) {
  KeyReader whole;
  const Keys keys = whole.feed(bytes);
  KeyReader single;
  Keys pieces;
  for (const char byte : bytes) {
    for (auto& key : single.feed({&byte, 1})) pieces.push_back(key);
  }
  CHECK(pieces == keys);
  return keys;
}

}  // namespace

TEST_CASE("characters and control characters are keys", "[terminal]") {
  CHECK(read("aé漢👋") ==
        Keys{{Kind::kText, "a"}, {Kind::kText, "é"}, {Kind::kText, "漢"}, {Kind::kText, "👋"}});
  CHECK(read("\r\x7F\x03\x04\x15\n") == Keys{{Kind::kEnter},
                                             {Kind::kBackspace},
                                             {Kind::kInterrupt},
                                             {Kind::kEndOfInput},
                                             {Kind::kDeleteToHome},
                                             {Kind::kEnter}});
  CHECK(read("\xFF\xC3z") ==
        Keys{{Kind::kText, "\uFFFD"}, {Kind::kText, "\uFFFD"}, {Kind::kText, "z"}});
}

TEST_CASE("sequences are keys, and unknown ones are ignored", "[terminal]") {
  CHECK(read("\x1B[A\x1BOB\x1B[1;5D\x1B[3~\x1B\x62\x1B\r") == Keys{{Kind::kUp},
                                                                   {Kind::kDown},
                                                                   {Kind::kWordLeft},
                                                                   {Kind::kDelete},
                                                                   {Kind::kWordLeft},
                                                                   {Kind::kNewLine}});
  CHECK(read("\x1B[99;7Xa\x1B[?1;2c") == Keys{{Kind::kText, "a"}});
}

TEST_CASE("a paste is one key, whatever it holds", "[terminal]") {
  CHECK(read("\x1B[200~a\r\nb\rc\x03\x1B[A\x1B[201~d") ==
        Keys{{Kind::kPaste, "a\nb\nc\x03\x1B[A"}, {Kind::kText, "d"}});
  CHECK(read("\x1B[200~\x1B[201~") == Keys{{Kind::kPaste, ""}});
}

}  // namespace chatvim::terminal::keys_test
