// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/decoder.hpp"

namespace chatvim::provider {

/// Where a key is looked for; the first source that is set in this order wins: environment,
/// command, file.
struct KeySource {
  std::vector<std::string> environment;  ///< names of variables, tried in order
  std::vector<std::string>
      command;            ///< argument list of a program that prints the key; empty: none
  std::string file;       ///< path (`~` allowed); empty: none
  bool optional = false;  ///< no key is no error: a local server, or a row that names no source
};

/// One provider: a row of the built-in table, of the user's configuration, or of both, the user's
/// keys over the built-in ones.
struct Provider {
  std::string name;
  Api api = Api::kChat;
  std::string base_url;  ///< without a slash at its end; see `endpoint`
  KeySource key;
  std::string key_header =
      "Authorization";  ///< with "Bearer " before the key for Authorization, bare for another
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> models;    ///< names the user listed
  std::vector<std::string> patterns;  ///< names known by shape, `*` at the end matches the rest
  std::string default_model;          ///< may be empty
  std::string token_limit = "max_tokens";  ///< the name under which `max_tokens` is sent
  bool reports_usage = false;              ///< takes `stream_options.include_usage`
  bool joins_roles =
      false;            ///< wants roles to alternate: neighbours of one role become one message
  std::string proxy;    ///< URL; empty: the environment's, none for loopback
  std::string ca_file;  ///< PEM file; empty: the system's trust store
  double connect_timeout = 15;       ///< seconds; 0: none
  double idle_timeout = 120;         ///< seconds without a byte; 0: none
  std::shared_ptr<const Json> body;  ///< merged into each request's body, or null
};

/// All providers, built-in rows first, the user's after them in their order.
using Table = std::vector<Provider>;

/// Reads a variable of the environment; a test gives its own.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// The built-in rows with the configuration's `[providers]` (checked by the settings) laid over
/// them. OPENAI_BASE_URL is honoured as by the official client, weaker than the configuration.
Result<Table> make_table(const Json& user_providers, const Environment& environment);

/// A model and the provider that has it; `provider` points into the table.
struct Choice {
  const Provider* provider = nullptr;
  std::string model;
};

/// Decides which provider a request goes to: a known provider before the first `/` of `model` wins;
/// else a provider that lists the name in `models`; else the name patterns; else `provider`. With
/// no model the default model of `provider`, else of the first provider that has a key. An unknown
/// name is an error that lists near ones, never a fall-back.
Result<Choice> choose(const Table& table, const std::optional<std::string>& model,
                      const std::optional<std::string>& provider, const Environment& environment);

/// Whether a key is at hand, as far as can be told without running a command or reading a file.
bool has_key(const Provider& provider, const Environment& environment);

/// Where keys were looked for and what does without one, as the rest of a sentence.
std::string key_advice(const Table& table);

/// The URL that requests go to: `base_url` may be given with or without a slash at its end, with or
/// without the wire format's path ("/chat/completions"), and a bare host gets "/v1" too.
std::string endpoint(const Provider& provider);

}  // namespace chatvim::provider
