// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

// Where the keys are that `chatvim keys set` has stored. Two files of the state folder: keys.json
// says for each provider where its key is, and key-values.json holds the keys of those that are not
// in the system's keyring.
namespace chatvim::store {

/// Checks that both files can be read, or are missing. A file that cannot is never changed, because
/// other providers' keys may be in it.
Result<void> check_stored_keys(const Environment& environment);

/// Returns where the key of each provider is stored. Reads one small file, which holds no key.
provider::StoredKeys stored_keys(const Environment& environment);

/// Records where a provider's key is stored; `kNowhere` forgets it.
Result<void> note_stored_key(const Environment& environment, const std::string& provider,
                             provider::KeyPlace place);

/// Returns the table of providers: the built-in rows, the configuration's `[providers]`, and which
/// of them have a stored key.
Result<provider::Table> provider_table(const Json& user_providers, const Environment& environment);

/// Returns the path of the file that holds keys (mode 0600, its folder 0700); empty if neither
/// XDG_STATE_HOME nor HOME is set.
std::string key_values_file(const Environment& environment);

/// Returns the key of a provider in that file, or "".
std::string read_key_value(const Environment& environment, const std::string& provider);

/// Writes the key of a provider to that file; an empty one removes it.
Result<void> write_key_value(const Environment& environment, const std::string& provider,
                             const std::string& key);

}  // namespace chatvim::store
