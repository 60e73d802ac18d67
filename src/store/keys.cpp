// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chatvim/files/read_file.hpp"
#include "chatvim/secret/hide.hpp"
#include "chatvim/store/key_keeper.hpp"
#include "chatvim/store/stored_keys.hpp"
#include "chatvim/text/home.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/redact.hpp"
#include "chatvim/text/secret_name.hpp"
#include "chatvim/text/utf8.hpp"
#include "keyring.hpp"

namespace chatvim::store {

namespace {

constexpr std::chrono::seconds kCommandLimit{60};
constexpr std::size_t kMostErrorBytes = 500;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Returns the first line that is not blank. Password managers print a login and notes after the
/// key.
std::string first_line(std::string_view text) {
  text = trimmed(text);
  return std::string(trimmed(text.substr(0, text.find_first_of("\r\n"))));
}

std::string variables_of(const provider::Provider& provider) {
  std::string list;
  for (const auto& name : provider.key.environment) list += (list.empty() ? "$" : " or $") + name;
  return list;
}

std::string named(const std::string& provider) { return "the key of " + provider; }

class CommandLookup final : public KeyRing::Lookup {
 public:
  std::unique_ptr<loop::ChildProcess> child;
};

/// Returns a command's error output with possible keys redacted: everything that it also printed to
/// standard output (a tracing shell repeats it), known keys, and text that looks like a key.
std::string complaint_of(const loop::ChildProcess::Result& result,
                         std::vector<std::string> secrets) {
  for (const auto line : text::split_file(result.output)) {
    secrets.emplace_back(trimmed(line));
    for (std::string_view rest = line; !rest.empty();) {
      const std::size_t end = std::min(rest.find_first_of(" \t\r\"'=:,"), rest.size());
      secrets.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  const std::string known = text::redact(trimmed(result.error_output), secrets);
  return text::printable(text::redact_addresses(secret::hide_secrets(known)), kMostErrorBytes);
}

Error command_failed(const std::string& name, const loop::ChildProcess::Result& result,
                     std::vector<std::string> secrets) {
  const std::string text = complaint_of(result, std::move(secrets));
  const std::string said = text.empty() ? text : fmt::format(" {}", text);
  if (result.timed_out) {
    return {ErrorCode::kKeyFailed,
            fmt::format("api_key_command of {} gave no key within {} seconds.{}", name,
                        kCommandLimit.count(), said)};
  }
  if (result.exit_code != 0) {
    return {ErrorCode::kKeyFailed, fmt::format("api_key_command of {} failed with exit code {}.{}",
                                               name, result.exit_code, said)};
  }
  return {ErrorCode::kKeyFailed,
          fmt::format("api_key_command of {} printed nothing.{}", name, said)};
}

Error keyring_failed(const std::string& name, const loop::ChildProcess::Result& result,
                     std::vector<std::string> secrets) {
  if (result.timed_out) {
    return {ErrorCode::kKeyFailed,
            fmt::format("Unlock the system's keyring: it gave no key for {} within {} seconds.",
                        name, kCommandLimit.count())};
  }
  const std::string text = complaint_of(result, std::move(secrets));
  if (text.empty()) {
    return {ErrorCode::kKeyFailed,
            fmt::format("Run chatvim keys set {0} again: the key of {0} is not in the system's "
                        "keyring any more.",
                        name)};
  }
  return {ErrorCode::kKeyFailed,
          fmt::format("Unlock the system's keyring: it gave no key for {}. {}", name, text)};
}

}  // namespace

Result<std::string> key_in(std::string_view text, const std::string& source) {
  std::string key = first_line(text);
  const auto bad =
      std::find_if(key.begin(), key.end(), [](char c) { return c < 0x21 || c > 0x7E; });
  if (bad == key.end()) return key;
  return tl::unexpected(
      Error{ErrorCode::kKeyFailed,
            fmt::format("Write the key alone on the first line of {}: byte {} of that line cannot "
                        "be part of a key; nothing was sent.",
                        source, bad - key.begin() + 1)});
}

KeyRing::KeyRing(loop::Loop& loop, Environment environment)
    : loop_(loop), environment_(std::move(environment)) {}

std::unique_ptr<KeyRing::Lookup> KeyRing::find(const provider::Provider& provider,
                                               const Callback& callback) {
  for (const auto& name : provider.key.environment) {
    if (const auto value = environment_(name); value && !trimmed(*value).empty()) {
      callback(key_in(*value, "$" + name));
      return nullptr;
    }
  }
  if (const auto known = known_.find(provider.name); known != known_.end()) {
    callback(known->second);
    return nullptr;
  }
  if (!provider.key.command.empty()) return run_command(provider, callback);
  if (!provider.key.file.empty()) {
    auto key = read_key_file(provider);
    if (key) known_[provider.name] = *key;
    callback(std::move(key));
    return nullptr;
  }
  if (provider.key.stored == provider::KeyPlace::kKeyring) return ask_keyring(provider, callback);
  if (provider.key.stored == provider::KeyPlace::kFile) {
    auto key = read_stored_key(provider);
    if (key) known_[provider.name] = *key;
    callback(std::move(key));
    return nullptr;
  }
  if (provider.key.optional) {
    callback(std::string());
    return nullptr;
  }
  callback(tl::unexpected(
      Error{ErrorCode::kNoKey,
            fmt::format(
                "There is no key for {0}: run chatvim keys set {0} in a terminal, set {1}, or give "
                "[providers.{0}] in config.md an api_key_command or api_key_file.",
                provider.name, variables_of(provider))}));
  return nullptr;
}

NamedKeys KeyRing::known() const {
  NamedKeys keys;
  for (const auto& [provider, key] : known_) keys.emplace_back(named(provider), key);
  return keys;
}

Result<std::string> KeyRing::read_key_file(const provider::Provider& provider) const {
  const auto bytes = files::read_file(text::expand_home(provider.key.file, environment_("HOME")));
  if (!bytes) {
    return tl::unexpected(
        Error{ErrorCode::kKeyFailed,
              fmt::format("api_key_file of {}: {}", provider.name, bytes.error().message)});
  }
  auto key =
      key_in(*bytes, fmt::format("{}, the api_key_file of {}", provider.key.file, provider.name));
  if (key && key->empty()) {
    return tl::unexpected(
        Error{ErrorCode::kKeyFailed,
              fmt::format("api_key_file of {}: {} is empty.", provider.name, provider.key.file)});
  }
  return key;
}

Result<std::string> KeyRing::read_stored_key(const provider::Provider& provider) const {
  auto key = key_in(read_key_value(environment_, provider.name), key_values_file(environment_));
  if (key && key->empty()) {
    if (auto checked = check_stored_keys(environment_); !checked) {
      return tl::unexpected(Error{ErrorCode::kKeyFailed, checked.error().message});
    }
    return tl::unexpected(
        Error{ErrorCode::kKeyFailed,
              fmt::format("Run chatvim keys set {0} again: the key of {0} is not in {1} any more.",
                          provider.name, key_values_file(environment_))});
  }
  return key;
}

std::unique_ptr<KeyRing::Lookup> KeyRing::ask_keyring(const provider::Provider& provider,
                                                      const Callback& callback) {
  auto lookup = std::make_unique<CommandLookup>();
  auto on_exit = [this, name = provider.name, callback](const loop::ChildProcess::Result& result) {
    auto key = key_in(result.output, "the keyring's entry for " + name);
    if (result.timed_out || result.exit_code != 0 || (key && key->empty())) {
      std::vector<std::string> secrets;
      for (const auto& [other, known] : known_) secrets.push_back(known);
      callback(tl::unexpected(keyring_failed(name, result, std::move(secrets))));
      return;
    }
    if (key) known_[name] = *key;
    callback(std::move(key));
  };
  const auto command = keyring_lookup(system_keyring(), provider.name);
  auto child = loop::ChildProcess::start(loop_, command.arguments, kCommandLimit,
                                         std::move(on_exit), provider.key.withheld);
  if (!child) {
    callback(tl::unexpected(
        Error{ErrorCode::kKeyFailed,
              fmt::format("The key of {} is in the system's keyring, but {} cannot be started: {}.",
                          provider.name, command.arguments.front(), child.error().message)}));
    return nullptr;
  }
  lookup->child = std::move(*child);
  return lookup;
}

std::unique_ptr<KeyRing::Lookup> KeyRing::run_command(const provider::Provider& provider,
                                                      const Callback& callback) {
  auto arguments = provider.key.command;
  for (auto& argument : arguments) argument = text::expand_home(argument, environment_("HOME"));
  auto lookup = std::make_unique<CommandLookup>();
  auto on_exit = [this, name = provider.name, variables = provider.key.withheld,
                  callback](const loop::ChildProcess::Result& result) {
    if (result.timed_out || result.exit_code != 0 || trimmed(result.output).empty()) {
      std::vector<std::string> secrets;
      for (const auto& [other, known] : known_) secrets.push_back(known);
      for (const auto& variable : variables) {
        secrets.emplace_back(trimmed(environment_(variable).value_or("")));
      }
      callback(tl::unexpected(command_failed(name, result, std::move(secrets))));
      return;
    }
    auto key = key_in(result.output, fmt::format("the output of the api_key_command of {}", name));
    if (key) known_[name] = *key;
    callback(std::move(key));
  };
  auto child = loop::ChildProcess::start(loop_, arguments, kCommandLimit, std::move(on_exit),
                                         provider.key.withheld);
  if (!child) {
    callback(tl::unexpected(
        Error{ErrorCode::kKeyFailed,
              fmt::format("api_key_command of {}: {} cannot be started: {}.", provider.name,
                          arguments.front(), child.error().message)}));
    return nullptr;
  }
  lookup->child = std::move(*child);
  return lookup;
}

NamedKeys keys_at_hand(const provider::Table& table, const Environment& environment) {
  NamedKeys keys;
  for (const auto& provider : table) {
    const auto add = [&](std::string_view value) {
      if (auto key = first_line(value); !key.empty()) {
        keys.emplace_back(named(provider.name), std::move(key));
      }
    };
    for (const auto& name : provider.key.environment) add(environment(name).value_or(""));
    if (!provider.key.file.empty()) {
      add(files::read_file(text::expand_home(provider.key.file, environment("HOME"))).value_or(""));
    }
    if (provider.key.stored == provider::KeyPlace::kFile) {
      add(read_key_value(environment, provider.name));
    }
    for (const auto& [name, value] : provider.headers) {
      if (text::names_secret(name)) add(value.starts_with("Bearer ") ? value.substr(7) : value);
    }
  }
  return keys;
}

}  // namespace chatvim::store
