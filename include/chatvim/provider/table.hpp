// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
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

/// Where the key is that the user has stored with `chatvim keys set`.
enum class KeyPlace { kNowhere, kKeyring, kFile };
/// The same by the providers' names.
using StoredKeys = std::map<std::string, KeyPlace>;

/// The sources of a key. The first that is set wins, in this order: environment, command, file,
/// what the user has stored.
struct KeySource {
  std::vector<std::string> environment;  ///< names of variables, tried in order
  /// Argument list of a program that prints the key; may be empty.
  std::vector<std::string> command;
  std::string file;  ///< path (`~` allowed); may be empty
  /// A missing key is not an error: for a local server, or a row without sources.
  bool optional = false;
  /// The key variables of all rows. They are removed from the environment of `command`, and of the
  /// keyring's program.
  std::vector<std::string> withheld = {};
  KeyPlace stored = KeyPlace::kNowhere;  ///< of a key that the user has stored
};

/// How a request asks the model to continue its last message, which is the assistant's.
enum class Prefill {
  kNone,          ///< not supported
  kPlain,         ///< the message is last; no mark is needed
  kPrefix,        ///< `"prefix": true` in the message
  kPartial,       ///< `"partial": true` in the message
  kContinueFinal  ///< `continue_final_message` in the body, and no `add_generation_prompt`
};

/// Returns the name used in the settings: "none", "plain", "prefix", "partial" or
/// "continue_final_message".
std::string_view name_of(Prefill prefill);
/// Parses such a name; returns nothing if it is unknown.
std::optional<Prefill> prefill_of(std::string_view name);

/// Which ids of tool calls a provider takes.
enum class CallIds {
  kPlain,   ///< letters, digits, `_` and `-`
  kDotted,  ///< these, `.` and `:` (Kimi: `functions.NAME:0`)
  kNine     ///< exactly nine letters and digits (Mistral)
};

/// How a request asks the provider to search the web.
enum class WebSearch {
  kNone,   ///< not known to be possible
  kTool,   ///< a tool of Messages or Responses that the provider runs itself
  kPlugin  ///< `plugins` in the body (OpenRouter)
};

/// What a provider accepts in the way of pictures and PDFs. A limit of 0 means no limit.
struct MediaRules {
  bool documents = false;                               ///< accepts PDFs
  bool picture_addresses = true;                        ///< fetches pictures from a URL
  std::int64_t picture_bytes = std::int64_t{20} << 20;  ///< limit of one picture file
  std::int64_t picture_count = 0;                       ///< limit of pictures in a request
  std::int64_t request_bytes = 0;  ///< limit of their sum in a request, in base64 as sent
};

/// One provider: a row of the built-in table, of the user's configuration, or of both, in which
/// case the user's keys override the built-in ones.
struct Provider {
  std::string name;
  Api api = Api::kChat;
  std::string base_url;  ///< without a trailing slash; see `endpoint`
  KeySource key;
  /// The key gets the prefix "Bearer " in Authorization only.
  std::string key_header = "Authorization";
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> models;  ///< names the user listed
  /// Patterns of model names; a `*` at either end matches any text.
  std::vector<std::string> patterns;
  std::string default_model;               ///< may be empty
  std::string token_limit = "max_tokens";  ///< the name that `max_tokens` is sent as
  bool reports_usage = false;              ///< accepts `stream_options.include_usage`
  /// Renamed parameters in Chat Completions: the document's name, and the path in the body, with
  /// dots between keys.
  std::vector<std::pair<std::string, std::string>> renames;
  /// Requires alternating roles, so adjacent messages of one role are joined.
  bool joins_roles = false;
  bool system_first = false;    ///< accepts system text only as a single first message
  bool caches_prompts = false;  ///< accepts `cache_control` marks in Messages
  bool api_is_own = false;      ///< the user set `api`, so no model is routed to another format
  /// The default is for the user's own rows: most such servers behave like llama.cpp's.
  Prefill prefill = Prefill::kPlain;
  std::vector<std::string> prefill_models;  ///< patterns of models that support prefill; empty: all
  std::string prefill_url;                  ///< replaces `base_url` for prefill; may be empty
  bool repeats_prefill = true;              ///< the answer may begin by repeating the prefill
  CallIds call_ids = CallIds::kPlain;
  /// Chat Completions: sent as `thought_signature` of a step's first call if none is recorded;
  /// empty: nothing is sent.
  std::string call_signature;
  /// Chat Completions: sent as the `reasoning_content` of an answer that has none, in chats with
  /// tools; empty: nothing is sent.
  std::string reasoning_filler;
  WebSearch web_search = WebSearch::kNone;
  /// Takes a JSON Schema for the answer. The default is for the user's own rows.
  bool structured_output = true;
  bool responses_for_tools = false;   ///< requests with tools go to Responses
  bool responses_for_search = false;  ///< requests with a web search go to Responses
  /// Responses: system text is the first input, and the assistant's text is a string.
  bool simple_input = false;
  std::string bearer_variable;  ///< its value is always sent as "Bearer"; may be empty
  /// The row is a guess: a local server that may be running on its usual port, while the user has
  /// set neither its address nor its key nor its row.
  bool is_guess = false;
  std::string problem;  ///< why requests to it are impossible, as a sentence; empty if they are not
  std::string proxy;    ///< URL; empty: from the environment, but none for loopback
  std::string ca_file;  ///< PEM file; empty: the system's trust store
  double connect_timeout = 15;       ///< seconds; 0: no limit
  double idle_timeout = 120;         ///< seconds without a byte; 0: no limit
  double text_timeout = 900;         ///< seconds without text or reasoning; 0: no limit
  std::shared_ptr<const Json> body;  ///< merged into each request's body, or null
  MediaRules media;
};

/// All providers: the built-in rows first, then the user's in their order.
using Table = std::vector<Provider>;

/// Merges the configuration's `[providers]` (already validated by the settings) into the built-in
/// rows. Variables such as OPENAI_BASE_URL work as in the providers' own clients; the configuration
/// overrides them. `stored` says which rows have a stored key. An invalid row keeps the reason in
/// `problem`, so only requests to that row fail.
Result<Table> make_table(const Json& user_providers, const Environment& environment,
                         const StoredKeys& stored = {});

/// A model and the provider that has it; `provider` points into the table.
struct Choice {
  const Provider* provider = nullptr;
  std::string model;
};

/// Chooses the provider and model of a request. If the part of `model` before the first `/` is a
/// known provider, that one wins; else a provider that lists the name in `models`; else one whose
/// name patterns match; else `provider`. Without a model, the default model of `provider` is used,
/// else that of the first provider with a key. An unknown name is an error that suggests similar
/// ones; there is no fallback.
Result<Choice> choose(const Table& table, const std::optional<std::string>& model,
                      const std::optional<std::string>& provider, const Environment& environment);

/// What a request needs apart from text.
struct Needs {
  bool tools = false;       ///< tools are offered, or the chat has calls
  bool web_search = false;  ///< the provider is to search the web
};

/// Returns the wire format of a request: the row's, or Responses for a model or a need that only
/// that supports, unless the user set the format.
Api api_for(const Provider& provider, std::string_view model, Needs needs = {});

/// Whether a request can ask this provider to search the web.
bool can_search_web(const Provider& provider);

/// Returns how this provider continues an answer of the model.
Prefill prefill_for(const Provider& provider, std::string_view model);

/// Whether the provider has a key. A key command, file or keyring counts without being tried.
bool has_key(const Provider& provider, const Environment& environment);

/// Returns advice for a user without a key: how to set one, which servers need none, and which
/// variables were checked.
std::string key_advice(const Table& table);

/// Returns the URL for requests. `base_url` may or may not end in a slash or in a wire format's
/// path ("/chat/completions", "/responses", "/messages"). "/v1" is added to a bare host, and for
/// Messages to every path that does not end in a version.
std::string endpoint(const Provider& provider);

/// Returns the URL of the provider's list of models.
std::string models_url(const Provider& provider);

}  // namespace chatvim::provider
