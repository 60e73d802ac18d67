// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::store {

/// Stores and removes keys for `chatvim keys`: in the system's keyring if one answers, else in a
/// file that only the user can read. Waits for the keyring, which may ask for a password, for 60 s
/// each time.
class KeyKeeper {
 public:
  /// Where a key has been stored.
  struct Stored {
    provider::KeyPlace place = provider::KeyPlace::kNowhere;
    std::string why;  ///< it is not in the keyring, as a clause; empty if it is, or need not be
  };

  /// `withheld` are the variables that hold keys, which the keyring's program does not get.
  KeyKeeper(loop::Multiplexer& multiplexer, Environment environment,
            std::vector<std::string> withheld);

  /// Stores a key. With `in_file`, the keyring is not tried. If the keyring answers but does not
  /// take the key, that is an error, and nothing is stored.
  Result<Stored> set(const std::string& provider, const std::string& key, bool in_file);
  /// Removes the key of a provider from where it is.
  Result<void> remove(const std::string& provider, provider::KeyPlace place);

 private:
  Result<loop::ChildProcess::Result> run(const std::vector<std::string>& arguments,
                                         const std::string& input = "");
  Result<std::string> why_no_keyring(const std::string& provider);
  Result<void> put_in_keyring(const std::string& provider, const std::string& key);

  loop::Multiplexer& multiplexer_;
  Environment environment_;
  std::vector<std::string> withheld_;
};

/// Returns the key in text from outside: its first line that is not blank, or "".
/// Only visible ASCII can be sent in a header (RFC 9110, section 5.5), so other bytes, such as a
/// byte order mark, are an error that names the source.
Result<std::string> key_in(std::string_view text, const std::string& source);

}  // namespace chatvim::store
