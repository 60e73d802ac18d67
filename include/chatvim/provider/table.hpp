// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/api.hpp"
#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"

namespace chatvim::provider {

/// Where a key is looked for; the first source that is set in this order wins: environment,
/// command, file.
struct KeySource {
  std::vector<std::string> environment;  ///< names of variables, tried in order
  std::vector<std::string>
      command;            ///< argument list of a program that prints the key; empty: none
  std::string file;       ///< path (`~` allowed); empty: none
  bool optional = false;  ///< no key is no error: a local server, or a row that names no source
  /// The variables of every row's key: `command` is not handed what they hold.
  std::vector<std::string> withheld = {};
};

/// How a request says that its last message, the assistant's, is to be gone on with.
enum class Prefill {
  kNone,          ///< it cannot
  kPlain,         ///< by standing last
  kPrefix,        ///< `"prefix": true` in the message
  kPartial,       ///< `"partial": true` in the message
  kContinueFinal  ///< `continue_final_message` in the body, and no `add_generation_prompt`
};

/// "none", "plain", "prefix", "partial" or "continue_final_message", as the setting has it.
std::string_view name_of(Prefill prefill);
/// The way of that name, or nothing.
std::optional<Prefill> prefill_of(std::string_view name);

/// What a provider takes of pictures and PDFs. A limit of 0 is none.
struct MediaRules {
  bool documents = false;                               ///< takes PDFs
  bool picture_addresses = true;                        ///< fetches a picture from its address
  std::int64_t picture_bytes = std::int64_t{20} << 20;  ///< the most of a picture's file
  std::int64_t picture_count = 0;                       ///< the most in a request
  std::int64_t request_bytes = 0;  ///< the most of a request, as they are sent: in base64
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
  /// Other names of parameters in Chat Completions: the document's, and a path in the body with a
  /// dot between keys.
  std::vector<std::pair<std::string, std::string>> renames;
  bool joins_roles =
      false;  ///< wants roles to alternate: neighbours of one role become one message
  bool system_first = false;    ///< takes system text only as one message before all others
  bool caches_prompts = false;  ///< takes `cache_control` marks in Messages
  bool api_is_own = false;      ///< the user named `api`: no model is routed to another format
  /// What a row of the user's does that says nothing: most such servers are like llama.cpp's.
  Prefill prefill = Prefill::kPlain;
  std::vector<std::string> prefill_models;  ///< patterns of the models that can; empty: all
  std::string prefill_url;                  ///< in place of `base_url` for this; or empty
  bool repeats_prefill = true;  ///< the answer may begin with the text that it goes on with
  std::string bearer_variable;  ///< a variable whose value is always sent as "Bearer"; or empty
  /// A server that may run on the user's machine at its usual port: nobody has named an address, a
  /// key or the row yet.
  bool is_guess = false;
  std::string problem;  ///< why no request can go to it, as a sentence; empty: nothing is wrong
  std::string proxy;    ///< URL; empty: the environment's, none for loopback
  std::string ca_file;  ///< PEM file; empty: the system's trust store
  double connect_timeout = 15;       ///< seconds; 0: none
  double idle_timeout = 120;         ///< seconds without a byte; 0: none
  double text_timeout = 900;         ///< seconds without text or reasoning; 0: none
  std::shared_ptr<const Json> body;  ///< merged into each request's body, or null
  MediaRules media;
};

/// All providers, built-in rows first, the user's after them in their order.
using Table = std::vector<Provider>;

/// The built-in rows with the configuration's `[providers]` (checked by the settings) laid over
/// them. Variables such as OPENAI_BASE_URL are honoured as by the providers' own clients, weaker
/// than the configuration. A row that is wrong keeps what is wrong in `problem`: it spoils only the
/// requests that would go to it.
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

/// The wire format of a request: the row's, but Responses for a model that speaks only that, unless
/// the user named the format.
Api api_for(const Provider& provider, std::string_view model);

/// How an answer of the model is gone on with there.
Prefill prefill_for(const Provider& provider, std::string_view model);

/// Whether a key is at hand, as far as can be told without running a command or reading a file.
bool has_key(const Provider& provider, const Environment& environment);

/// Where keys were looked for and what does without one, as the rest of a sentence.
std::string key_advice(const Table& table);

/// The URL that requests go to: `base_url` may be given with or without a slash at its end, with or
/// without a wire format's path ("/chat/completions", "/responses", "/messages"); a bare host gets
/// "/v1" too, and in Messages so does every path without a version at its end.
std::string endpoint(const Provider& provider);

/// The URL of the provider's list of models.
std::string models_url(const Provider& provider);

}  // namespace chatvim::provider
