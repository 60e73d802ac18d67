// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace chatvim::store {

/// The program that reaches the system's keyring.
enum class Keyring {
  kSecretTool,  ///< secret-tool of libsecret: GNOME Keyring, KWallet, KeePassXC
  kSecurity     ///< security of macOS
};

/// What to run. A key is only ever in `input`: other users can read a process's arguments.
struct KeyringCommand {
  std::vector<std::string> arguments;
  std::string input;  ///< for standard input
};

/// Returns the keyring of this system.
Keyring system_keyring();

/// Whether a provider's name can be given to the keyring: letters, digits and `._-`.
bool is_keyring_name(const std::string& provider);

/// Return the commands that store, print and remove the key of a provider. The name must have been
/// checked.
KeyringCommand keyring_store(Keyring keyring, const std::string& provider, const std::string& key);
KeyringCommand keyring_lookup(Keyring keyring, const std::string& provider);
KeyringCommand keyring_remove(Keyring keyring, const std::string& provider);

}  // namespace chatvim::store
