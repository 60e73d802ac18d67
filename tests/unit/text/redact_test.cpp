// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "chatvim/text/redact.hpp"

namespace chatvim::text {

TEST_CASE("secrets are hidden, also those that were cut; words stay", "[text]") {
  const std::vector<std::string> secrets = {"0123456789abcdefghij", "short", "zyxwvuts"};
  CHECK(redact("", secrets).empty());
  CHECK(redact("no key", secrets) == "no key");
  CHECK(redact("0123456789abcdefghij", secrets) == "***");
  CHECK(redact("a 0123456789abcdefghij, 0123456789abcdefghijk", secrets) == "a ***, ***k");
  CHECK(redact("cut: 0123456789abcdef", secrets) == "cut: ***");
  CHECK(redact("cut: 0123456789abcdefgh and more", secrets) == "cut: *** and more");
  CHECK(redact("0123456789abcde", secrets) == "0123456789abcde");
  CHECK(redact("short zyxwvuts", secrets) == "short ***");
}

TEST_CASE("a secret behind a beginning of its own, or within another, is hidden whole", "[text]") {
  const std::vector<std::string> periodic = {"0123456789abcdef0XYZ"};
  CHECK(redact("0123456789abcdef0123456789abcdef0XYZ", periodic) == "***");
  CHECK(redact("a 0123456789abcdef0XYZ0123456789abcdef0XYZ b", periodic) == "a ****** b");
  const std::vector<std::string> nested = {"56789abc", "0123456789abcdefghij", "efghijklmn"};
  CHECK(redact("0123456789abcdefghijklmn", nested) == "***");
  CHECK(redact("x56789abcx", nested) == "x***x");
}

TEST_CASE("what is secret in an address is hidden, the rest of it stays", "[text]") {
  const auto same = [](const char* text) { CHECK(redact_addresses(text) == text); };
  CHECK(redact_addresses("http://me:pw@host:1/v1") == "http://me:***@host:1/v1");
  CHECK(redact_addresses("No way to https://token@host/x.") == "No way to https://***@host/x.");
  CHECK(redact_addresses("\"me:pw@host\"") == "\"me:***@host\"");
  CHECK(redact_addresses("me:pw@host") == "me:***@host");
  CHECK(redact_addresses("http://me:p@ss@word@host/v1 http://token@more@h") ==
        "http://me:***@host/v1 http://***@h");
  CHECK(redact_addresses("me:p@w@host") == "me:***@host");
  CHECK(redact_addresses("http://a:b@c http://d:e@f") == "http://a:***@c http://d:***@f");
  CHECK(redact_addresses("http://h/x?a=1&key=k&api_key=l&b=2#c") ==
        "http://h/x?a=1&key=***&api_key=***&b=2#c");
  CHECK(redact_addresses("http://h?token=t") == "http://h?token=***");
  same("http://host:80/v1?a=1");
  same("http://[::1]:80/a@b");
  same("Write to help@host, or at 10:30 pm @ home");
  same("What? a=b & key = c");
  same("@");
  same("?key=");
}

}  // namespace chatvim::text
