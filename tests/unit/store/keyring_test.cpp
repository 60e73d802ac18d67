// SPDX-License-Identifier: Apache-2.0
#include "store/keyring.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace chatvim::store::keyring_test {

TEST_CASE("keyring: a key is only in what a program reads, never in its arguments", "[keys]") {
  for (const Keyring keyring : {Keyring::kSecretTool, Keyring::kSecurity}) {
    const auto command = keyring_store(keyring, "openai", "sk-\"a b\"");
    for (const std::string& argument : command.arguments) {
      CHECK(argument.find("sk-") == std::string::npos);
    }
    CHECK_FALSE(command.input.empty());
    CHECK(keyring_lookup(keyring, "openai").input.empty());
    CHECK(keyring_remove(keyring, "openai").input.empty());
  }
}

TEST_CASE("keyring: security reads a command that needs no quoting", "[keys]") {
  CHECK(keyring_store(Keyring::kSecurity, "openai", "k\"\n").input ==
        "add-generic-password -U -s chatvim -a openai -X 6b220a\n");
}

TEST_CASE("keyring: only plain names go into commands", "[keys]") {
  CHECK(is_keyring_name("my_server-2.local"));
  for (const char* name : {"", "-a", "a b", "a\"b", "a\nb", "\xC3\xA9"}) {
    CHECK_FALSE(is_keyring_name(name));
  }
}

}  // namespace chatvim::store::keyring_test
