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

/// Reads a user's row over a provider; stops at the first mistake. The settings have checked the
/// types of the values already, but a row may come another way, so a wrong one is an error here
/// too.
class RowReader {
 public:
  RowReader(const Json& row, Provider& out) : row_(row), out_(out) {}

  std::optional<Error> read(bool is_new) {
    if (!row_.is_object()) return wrong("", "a table");
    read_api();
    read_string("base_url", out_.base_url);
    if (is_new && !row_.contains("base_url") && !error_)
      fail("base_url", "is missing: where does it answer?");
    read_keys(is_new);
    read_headers();
    read_list("models", out_.models);
    read_string("default_model", out_.default_model);
    read_string("proxy", out_.proxy);
    read_string("ca_file", out_.ca_file);
    read_seconds("connect_timeout", out_.connect_timeout);
    read_seconds("idle_timeout", out_.idle_timeout);
    if (const Json* body = find("body")) {
      if (!body->is_object()) return wrong("body", "a table");
      out_.body = std::make_shared<const Json>(*body);
    }
    return error_;
  }

 private:
  const Json* find(const char* key) const {
    const auto found = row_.find(key);
    return found == row_.end() || found->is_null() ? nullptr : &*found;
  }

  void fail(std::string_view key, std::string_view what) {
    if (error_) return;
    error_ = Error{ErrorCode::kBadConfig, fmt::format("providers.{}{}{} {}", out_.name,
                                                      key.empty() ? "" : ".", key, what)};
  }

  std::optional<Error> wrong(std::string_view key, std::string_view wanted) {
    fail(key, fmt::format("must be {}", wanted));
    return error_;
  }

  void read_api() {
    std::string api = "chat";
    read_string("api", api);
    if (api == "chat") {
      out_.api = Api::kChat;
    } else {
      fail("api", fmt::format("is \"{}\", but this version speaks only \"chat\"", api));
    }
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

  void read_seconds(const char* key, double& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (value->is_number() && value->get<double>() >= 0) {
      out = value->get<double>();
    } else {
      wrong(key, "a number of seconds, 0 for no limit");
    }
  }

  /// Where the user names any source of the key, the built-in sources are gone: a key from
  /// elsewhere would be a surprise.
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
  std::optional<Error> error_;
};

/// Checks the address and takes the slashes off its end.
std::optional<Error> check_url(Provider& provider, const char* source) {
  const auto url = Url::parse(provider.base_url);
  if (!url) {
    return Error{
        ErrorCode::kBadConfig,
        fmt::format("{} \"{}\" is not an address: write http://HOST or https://HOST, with a "
                    "port and a path where there is one",
                    source, provider.base_url)};
  }
  provider.base_url = url->text();
  return std::nullopt;
}

}  // namespace

Result<Table> make_table(const Json& user_providers, const Environment& environment) {
  Table table = builtin_rows(environment);
  if (user_providers.is_object()) {
    for (const auto& [name, row] : user_providers.items()) {
      if (name.empty() || name.find('/') != std::string::npos) {
        return tl::unexpected(
            Error{ErrorCode::kBadConfig,
                  fmt::format("providers.\"{}\": a provider's name has no slash and is "
                              "not empty",
                              name)});
      }
      auto found =
          std::find_if(table.begin(), table.end(),
                       [&, &wanted = name](const Provider& known) { return known.name == wanted; });
      const bool is_new = found == table.end();
      if (is_new) {
        found = table.insert(table.end(), Provider{});
        found->name = name;
      }
      if (auto error = RowReader(row, *found).read(is_new)) return tl::unexpected(*error);
      if (row.contains("base_url")) {
        if (auto error = check_url(*found, ("providers." + name + ".base_url").c_str())) {
          return tl::unexpected(*error);
        }
      }
    }
  }
  for (Provider& provider : table) {
    // What is left unchecked comes from the environment.
    if (auto error = check_url(provider, "OPENAI_BASE_URL")) return tl::unexpected(*error);
  }
  return table;
}

}  // namespace chatvim::provider
