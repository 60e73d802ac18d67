// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/stored_keys.hpp"

#include <nlohmann/json.hpp>

#include "chatvim/store/state.hpp"

namespace chatvim::store {

namespace {

constexpr const char* kInKeyring = "keyring";
constexpr const char* kInFile = "file";

/// Returns the path of a file in the state folder; empty if there is no such folder.
std::string state_file(const Environment& environment, const char* name) {
  const std::string folder = state_folder(environment);
  return folder.empty() ? folder : folder + "/" + name;
}

Result<void> change(const std::string& path, const std::function<void(Json&)>& change) {
  if (!path.empty()) return change_state(path, change, Damaged::kRefused);
  return tl::unexpected(
      Error{ErrorCode::kBadConfig, "Set HOME: without it there is no folder to store a key in."});
}

/// Sets a member, or removes it if the value is empty.
Result<void> set_member(const std::string& path, const std::string& name,
                        const std::string& value) {
  return change(path, [&](Json& state) {
    if (value.empty()) {
      state.erase(name);
    } else {
      state[name] = value;
    }
  });
}

}  // namespace

Result<void> check_stored_keys(const Environment& environment) {
  for (const char* name : {"keys.json", "key-values.json"}) {
    const std::string path = state_file(environment, name);
    if (path.empty()) continue;
    if (auto checked = check_state(path); !checked) return checked;
  }
  return {};
}

provider::StoredKeys stored_keys(const Environment& environment) {
  provider::StoredKeys keys;
  const std::string path = state_file(environment, "keys.json");
  if (path.empty()) return keys;
  const Json state = read_state(path);
  for (const auto& [name, place] : state.items()) {
    if (place == kInKeyring) keys[name] = provider::KeyPlace::kKeyring;
    if (place == kInFile) keys[name] = provider::KeyPlace::kFile;
  }
  return keys;
}

Result<void> note_stored_key(const Environment& environment, const std::string& provider,
                             provider::KeyPlace place) {
  const char* const word = place == provider::KeyPlace::kKeyring ? kInKeyring
                           : place == provider::KeyPlace::kFile  ? kInFile
                                                                 : "";
  return set_member(state_file(environment, "keys.json"), provider, word);
}

Result<provider::Table> provider_table(const Json& user_providers, const Environment& environment) {
  return provider::make_table(user_providers, environment, stored_keys(environment));
}

std::string key_values_file(const Environment& environment) {
  return state_file(environment, "key-values.json");
}

std::string read_key_value(const Environment& environment, const std::string& provider) {
  const std::string path = key_values_file(environment);
  if (path.empty()) return {};
  const Json state = read_state(path);
  const auto found = state.find(provider);
  return found != state.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<void> write_key_value(const Environment& environment, const std::string& provider,
                             const std::string& key) {
  return set_member(key_values_file(environment), provider, key);
}

}  // namespace chatvim::store
