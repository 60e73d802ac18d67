// SPDX-License-Identifier: Apache-2.0
#include "chatvim/provider/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "builtin.hpp"
#include "url.hpp"

namespace chatvim::provider {
namespace {

/// Merges a user's row into a provider; stops at the first mistake. The settings have already
/// checked the types of the values, but a row may come from elsewhere, so a wrong type is an error
/// here too.
class RowReader {
 public:
  RowReader(const Json& row, Provider& out) : row_(row), out_(out) {}

  /// Returns the problem with the row; empty if there is none.
  std::string read(bool is_new) {
    if (!row_.is_object()) return wrong("", "a table");
    read_api(is_new);
    read_string("base_url", out_.base_url);
    read_prefill();
    if (is_new && find("base_url") == nullptr)
      fail("base_url", "is missing: where does it answer?");
    read_keys(is_new);
    read_headers();
    read_list("models", out_.models);
    read_string("default_model", out_.default_model);
    read_string("proxy", out_.proxy);
    read_string("ca_file", out_.ca_file);
    read_seconds("connect_timeout", out_.connect_timeout);
    read_seconds("idle_timeout", out_.idle_timeout);
    read_seconds("text_timeout", out_.text_timeout);
    read_media(out_.media);
    read_bool("structured_output", out_.structured_output);
    if (const Json* body = find("body")) {
      if (!body->is_object()) return wrong("body", "a table");
      out_.body = std::make_shared<const Json>(*body);
    }
    if (find("base_url") != nullptr && problem_.empty()) {
      problem_ = tidy_address(out_.base_url, "providers." + out_.name + ".base_url");
    }
    return problem_;
  }

 private:
  const Json* find(const char* key) const {
    const auto found = row_.find(key);
    return found == row_.end() || found->is_null() ? nullptr : &*found;
  }

  void fail(std::string_view key, std::string_view what) {
    if (!problem_.empty()) return;
    problem_ = fmt::format("providers.{}{}{} {}", out_.name, key.empty() ? "" : ".", key, what);
  }

  std::string wrong(std::string_view key, std::string_view wanted) {
    fail(key, fmt::format("must be {}", wanted));
    return problem_;
  }

  void read_api(bool is_new) {
    if (find("api") == nullptr) return;
    std::string name;
    read_string("api", name);
    const auto api = api_of(name);
    if (!api) {
      return fail(
          "api",
          fmt::format("is \"{}\", but must be \"chat\", \"responses\" or \"messages\"", name));
    }
    out_.api = *api;
    out_.api_is_own = true;
    // The header that all servers of this format accept; some do not accept "Authorization".
    if (is_new && *api == Api::kMessages) out_.key_header = "x-api-key";
  }

  /// Reads the prefill settings. A `prefill_url` and some features belong to the built-in address,
  /// so the user's address clears them.
  void read_prefill() {
    if (find("base_url") != nullptr) {
      out_.prefill_url.clear();
      forget_own_servers(out_);
    }
    if (find("prefill") == nullptr) return;
    std::string name;
    read_string("prefill", name);
    const auto prefill = prefill_of(name);
    if (!prefill) {
      return fail("prefill", fmt::format("is \"{}\", but must be \"none\", \"plain\", \"prefix\", "
                                         "\"partial\" or \"continue_final_message\"",
                                         name));
    }
    out_.prefill = *prefill;
    out_.prefill_models.clear();
  }

  void read_string(const char* key, std::string& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (value->is_string()) {
      out = value->get<std::string>();
    } else {
      wrong(key, "a string");
    }
  }

  void read_list(const char* key, std::vector<std::string>& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    out.clear();
    if (!value->is_array()) return static_cast<void>(wrong(key, "a list of strings"));
    for (const Json& item : *value) {
      if (!item.is_string()) return static_cast<void>(wrong(key, "a list of strings"));
      out.push_back(item.get<std::string>());
    }
  }

  void read_media(MediaRules& media) {
    read_bool("documents", media.documents);
    read_bool("picture_addresses", media.picture_addresses);
    read_count("picture_bytes", media.picture_bytes);
    read_count("picture_count", media.picture_count);
    read_count("request_bytes", media.request_bytes);
  }

  void read_bool(const char* key, bool& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (value->is_boolean()) {
      out = value->get<bool>();
    } else {
      wrong(key, "true or false");
    }
  }

  void read_count(const char* key, std::int64_t& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (value->is_number_integer() && value->get<std::int64_t>() >= 0) {
      out = value->get<std::int64_t>();
    } else {
      wrong(key, "a whole number, 0 for no limit");
    }
  }

  void read_seconds(const char* key, double& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (value->is_number() && value->get<double>() >= 0) {
      out = value->get<double>();
    } else {
      wrong(key, "a number of seconds, 0 for no limit");
    }
  }

  /// Reads the sources of the key. If the user names any, they replace all built-in sources, so
  /// that the key never comes from an unexpected place.
  void read_keys(bool is_new) {
    const Json* environment = find("api_key_env");
    if (environment != nullptr || find("api_key_command") || find("api_key_file")) {
      out_.key = {};
    } else if (!is_new) {
      return;
    }
    if (environment != nullptr && environment->is_string()) {
      out_.key.environment = {environment->get<std::string>()};
    } else {
      read_list("api_key_env", out_.key.environment);
    }
    std::erase(out_.key.environment, std::string());
    read_list("api_key_command", out_.key.command);
    read_string("api_key_file", out_.key.file);
    out_.key.optional =
        out_.key.environment.empty() && out_.key.command.empty() && out_.key.file.empty();
  }

  void read_headers() {
    const Json* headers = find("headers");
    if (headers == nullptr) return;
    if (!headers->is_object()) return static_cast<void>(wrong("headers", "a table of strings"));
    for (const auto& [name, value] : headers->items()) {
      const std::string key = "headers." + name;
      if (!is_field_name(name)) return fail(key, "is not the name of a header field");
      if (!value.is_string()) return static_cast<void>(wrong(key, "a string"));
      // A structured binding cannot be captured (clang 14).
      std::erase_if(out_.headers,
                    [&wanted = name](const auto& field) { return same_name(field.first, wanted); });
      out_.headers.emplace_back(name, value.get<std::string>());
    }
  }

  /// A token of RFC 9110, section 5.6.2.
  static bool is_field_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
             std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
  }

  static bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
      return std::tolower(static_cast<unsigned char>(x)) ==
             std::tolower(static_cast<unsigned char>(y));
    });
  }

  const Json& row_;
  Provider& out_;
  std::string problem_;
};

/// Returns the row with that name; adds it if it does not exist.
Provider& row_named(Table& table, const std::string& name, bool& is_new) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Provider& known) { return known.name == name; });
  is_new = found == table.end();
  if (!is_new) return *found;
  table.emplace_back().name = name;
  return table.back();
}

/// Sets the key's header to "Authorization" if the key will come from a variable whose token must
/// be sent as "Bearer".
void choose_key_header(Provider& provider, const Environment& environment) {
  const auto& names = provider.key.environment;
  const auto source = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return !environment(name).value_or("").empty();
  });
  if (source != names.end() && *source == provider.bearer_variable) {
    provider.key_header = "Authorization";
  }
}

void mark_stored(Table& table, const StoredKeys& stored) {
  for (Provider& row : table) {
    const auto found = stored.find(row.name);
    if (found == stored.end()) continue;
    row.key.stored = found->second;
    row.is_guess = false;
  }
}

/// Fills `withheld` with the variables of all keys, for rows whose key a program prints.
void withhold_keys(Table& table) {
  std::vector<std::string> variables;
  for (const Provider& row : table) {
    variables.insert(variables.end(), row.key.environment.begin(), row.key.environment.end());
  }
  for (Provider& row : table) {
    const bool runs = !row.key.command.empty() || row.key.stored == KeyPlace::kKeyring;
    if (runs) row.key.withheld = variables;
  }
}

}  // namespace

Result<Table> make_table(const Json& user_providers, const Environment& environment,
                         const StoredKeys& stored) {
  Table table = builtin_rows(environment);
  if (user_providers.is_object()) {
    for (const auto& [name, row] : user_providers.items()) {
      bool is_new = false;
      Provider& provider = row_named(table, name, is_new);
      provider.is_guess = false;
      const bool has_address = row.is_object() && row.contains("base_url");
      const std::string problem = RowReader(row, provider).read(is_new);
      // The user's address replaces one from the environment that was invalid or missing.
      if (has_address || !problem.empty()) provider.problem = problem;
      if (name.empty() || name.find('/') != std::string::npos) {
        provider.problem =
            fmt::format("providers.\"{}\": a provider's name has no slash and is not empty", name);
      }
    }
  }
  for (Provider& provider : table) choose_key_header(provider, environment);
  mark_stored(table, stored);
  withhold_keys(table);
  return table;
}

}  // namespace chatvim::provider
