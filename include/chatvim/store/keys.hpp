// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::store {

/// Keys, each with a description first, such as "the key of openai".
using NamedKeys = std::vector<std::pair<std::string, std::string>>;

/// Looks up the providers' keys when they are first needed: in the environment, from a command, in
/// a file, where `chatvim keys set` has stored them, in this order. Keys that are not from the
/// environment are kept in memory while the program runs, and never written anywhere.
class KeyRing {
 public:
  /// A running lookup; destroying it cancels it.
  class Lookup {
   public:
    virtual ~Lookup() = default;
  };
  using Callback = std::function<void(Result<std::string>)>;

  KeyRing(loop::Loop& loop, Environment environment);

  /// Calls back once with the key, or with an empty string if no key is needed. Calls back before
  /// it returns (and then returns null), unless it has to run a command, which is limited to 60 s.
  std::unique_ptr<Lookup> find(const provider::Provider& provider, const Callback& callback);

  /// Returns the keys obtained from commands and files so far.
  NamedKeys known() const;

 private:
  Result<std::string> read_key_file(const provider::Provider& provider) const;
  Result<std::string> read_stored_key(const provider::Provider& provider) const;
  std::unique_ptr<Lookup> ask_keyring(const provider::Provider& provider, const Callback& callback);
  std::unique_ptr<Lookup> run_command(const provider::Provider& provider, const Callback& callback);

  loop::Loop& loop_;
  Environment environment_;
  std::map<std::string, std::string> known_;  ///< by provider's name
};

/// Returns the providers' keys that are available without running a command: from the environment,
/// from files, and from headers that may contain a key.
NamedKeys keys_at_hand(const provider::Table& table, const Environment& environment);

}  // namespace chatvim::store
