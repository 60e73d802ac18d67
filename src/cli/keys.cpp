// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/store/key_keeper.hpp"
#include "chatvim/store/stored_keys.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "output.hpp"
#include "table.hpp"

namespace chatvim::cli {

namespace {

using provider::KeyPlace;

constexpr std::size_t kMostKeyBytes = 4000;
/// No provider that is built in has a longer name, and no key is as short.
constexpr std::size_t kLongestProviderName = 20;

/// Returns the provider that the command is about.
Result<const provider::Provider*> provider_of_key(const Known& known, const Options& options) {
  // A row that is wrong can have a key all the same.
  auto row = find_provider(known, options.name, options.environment);
  if (row || options.name.size() <= kLongestProviderName) return row;
  // It may be the key, which must not be shown.
  return tl::unexpected(Error{ErrorCode::kUnknownProvider,
                              "Name a provider, as `chatvim providers` lists them: what was given "
                              "in its place is none; nothing was stored."});
}

/// Returns the variables that hold the key of any provider.
std::vector<std::string> key_variables(const provider::Table& table) {
  std::vector<std::string> names;
  for (const auto& row : table) {
    names.insert(names.end(), row.key.environment.begin(), row.key.environment.end());
  }
  return names;
}

/// Returns the source of the provider's key that is used; empty if there is none.
std::string source_of(const provider::Provider& row, const Options& options) {
  for (const auto& name : row.key.environment) {
    if (!options.environment(name).value_or("").empty()) return "$" + name;
  }
  if (!row.key.command.empty()) return "api_key_command";
  if (!row.key.file.empty()) return "api_key_file " + row.key.file;
  switch (row.key.stored) {
    case KeyPlace::kKeyring:
      return "the system's keyring";
    case KeyPlace::kFile:
      if (store::read_key_value(options.environment, row.name).empty()) return {};
      return store::key_values_file(options.environment);
    case KeyPlace::kNowhere:
      break;
  }
  return {};
}

/// Reads a line from standard input, which is no terminal.
std::string read_line() {
  std::string line;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    line.push_back(static_cast<char>(c));
    if ((c == '\n' && line != "\n") || line.size() > kMostKeyBytes) break;
    if (line == "\n") line.clear();
  }
  return line;
}

Result<std::string> read_key(const std::string& provider) {
  std::string line;
  if (loop::is_terminal(loop::standard_input())) {
    auto typed = loop::read_hidden_line(loop::standard_input(), [&provider] {
      say_lines(fmt::format("The key of {}, which is not shown: ", provider));
    });
    say_lines("\n");
    if (!typed) {
      return tl::unexpected(Error{ErrorCode::kInterrupted, "Interrupted; nothing was stored."});
    }
    line = std::move(*typed);
  } else {
    line = read_line();
  }
  auto key = store::key_in(line, "standard input");
  if (!key) {
    Error error = without_sending(key.error());
    error.message.pop_back();  // the full stop
    return tl::unexpected(Error{error.code, error.message + "; nothing was stored."});
  }
  if (key->empty() || key->size() > kMostKeyBytes) {
    return tl::unexpected(Error{
        ErrorCode::kBadArguments,
        fmt::format("Type or paste the key of {}, or pipe it in, on one line of at most {} bytes; "
                    "nothing was stored.",
                    provider, kMostKeyBytes)});
  }
  return key;
}

/// Says where the key went, and what is used in its place, if so.
void say_stored(const provider::Provider& row, const store::KeyKeeper::Stored& stored,
                const Options& options) {
  if (stored.place == KeyPlace::kKeyring) {
    say(fmt::format("The key of {} is in the system's keyring.", row.name));
  } else {
    say(fmt::format("The key of {} is in {}, which only you can read{}.", row.name,
                    store::key_values_file(options.environment),
                    stored.why.empty() ? "" : fmt::format(" ({})", stored.why)));
  }
  provider::Provider before = row;
  before.key.stored = KeyPlace::kNowhere;
  const std::string other = source_of(before, options);
  if (!other.empty()) say(fmt::format("It is not used yet: the key from {} comes first.", other));
}

}  // namespace

int keys_set(const Options& options) {
  if (options.has_extra) {
    return report({ErrorCode::kBadArguments,
                   "Give the key on standard input, not as an argument: there it would stand in "
                   "the shell's history and in the list of processes; nothing was stored."});
  }
  const auto known = read_known(options);
  if (!known) return report(known.error());
  const auto found = provider_of_key(*known, options);
  if (!found) return report(found.error());
  const provider::Provider* const row = *found;
  if (auto usable = store::check_stored_keys(options.environment); !usable) {
    return report(usable.error());
  }
  const auto key = read_key(row->name);
  if (!key) return report(key.error());
  http::CurlClient client(options.environment);
  store::KeyKeeper keeper(client, options.environment, key_variables(known->table));
  const auto stored = keeper.set(row->name, *key, options.in_file);
  if (!stored) return report(stored.error());
  say_stored(*row, *stored, options);
  return 0;
}

int keys_list(const Options& options) {
  if (auto usable = store::check_stored_keys(options.environment); !usable) {
    say(usable.error().message);
  }
  const auto known = read_known(options);
  if (!known) return report(known.error());
  Json list = Json::array();
  std::string text;
  for (const auto& row : known->table) {
    const std::string source = source_of(row, options);
    if (source.empty()) continue;
    list.push_back({{"provider", row.name}, {"source", source}});
    text += fmt::format("{:<12} {}\n", row.name, source);
  }
  if (options.json) {
    return print(list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  }
  if (text.empty()) {
    text = "No provider has a key; chatvim keys set PROVIDER stores one.\n";
  }
  return print(text);
}

int keys_remove(const Options& options) {
  if (auto usable = store::check_stored_keys(options.environment); !usable) {
    return report(usable.error());
  }
  const auto stored = store::stored_keys(options.environment);
  const auto found = stored.find(options.name);
  if (found == stored.end()) {
    return report({ErrorCode::kNoKey,
                   fmt::format("There is no stored key of {}; chatvim keys list shows where keys "
                               "come from.",
                               options.name)});
  }
  const auto known = read_known(options);
  if (!known) return report(known.error());
  http::CurlClient client(options.environment);
  store::KeyKeeper keeper(client, options.environment, key_variables(known->table));
  const auto removed = keeper.remove(options.name, found->second);
  if (!removed) return report(removed.error());
  say(fmt::format("The stored key of {} is removed.", options.name));
  return 0;
}

}  // namespace chatvim::cli
