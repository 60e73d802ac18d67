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

/// Keys, each after what it is, such as "the key of openai".
using NamedKeys = std::vector<std::pair<std::string, std::string>>;

/// Finds the providers' keys when they are first needed: in the environment, from a command, in a
/// file, in this order. What a command or a file gave is kept for the life of the program; nothing
/// is ever written anywhere.
class KeyRing {
 public:
  /// A lookup under way; destroying it stops it.
  class Lookup {
   public:
    virtual ~Lookup() = default;
  };
  using Callback = std::function<void(Result<std::string>)>;

  KeyRing(loop::Loop& loop, Environment environment);

  /// Calls back once with the key, or with an empty one where none is needed; before it returns
  /// (then the lookup is null) unless a command has to be run, for which the limit is 60 s.
  std::unique_ptr<Lookup> find(const provider::Provider& provider, const Callback& callback);

  /// The keys that commands and files have given so far, each after what it is.
  NamedKeys known() const;

 private:
  Result<std::string> read_key_file(const provider::Provider& provider) const;
  std::unique_ptr<Lookup> run_command(const provider::Provider& provider, const Callback& callback);

  loop::Loop& loop_;
  Environment environment_;
  std::map<std::string, std::string> known_;  ///< by provider's name
};

/// The keys of the providers that can be had without running a command: values of the environment,
/// of files, and of headers that may hold one.
NamedKeys keys_at_hand(const provider::Table& table, const Environment& environment);

}  // namespace chatvim::store
