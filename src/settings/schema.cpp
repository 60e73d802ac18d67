// SPDX-License-Identifier: Apache-2.0
#include "chatvim/settings/schema.hpp"

#include <array>

#include "chatvim/settings/near.hpp"
#include "rules.hpp"
#include "tool_rules.hpp"

namespace chatvim::settings {
namespace {

constexpr Scope kEverywhere = Scope::kDocument;
constexpr Scope kConfiguration = Scope::kConfiguration;
constexpr Scope kConfigFile = Scope::kConfigFile;

// Ranges are checked only if all providers agree: a value that one rejects, another may accept.
// clang-format off
constexpr std::array kSchema = {
  Option{"model", Type::kString, kEverywhere, false, check_word, "",
         "The model, as NAME or PROVIDER/NAME."},
  Option{"preset", Type::kString, kEverywhere, false, check_preset, "",
         "The name of a file in the folder presets next to config.md, without its extension."},
  Option{"provider", Type::kString, kEverywhere, false, check_word, "",
         "The provider to use for an unrecognized model."},
  Option{"userDelimiter", Type::kString, kEverywhere, false, check_delimiter,
         "# === USER ===",
         "The line that starts a user message."},
  Option{"assistantDelimiter", Type::kString, kEverywhere, false, check_delimiter,
         "# === ASSISTANT ===",
         "The line that starts an assistant message."},
  Option{"systemDelimiter", Type::kString, kEverywhere, false, check_delimiter,
         "# === SYSTEM ===",
         "The line that starts a system message."},
  Option{"delimiterPrefix", Type::kString, kEverywhere, false, check_white_space, R"(\n\n)",
         "White space written before a delimiter; without a line break it counts as one."},
  Option{"delimiterSuffix", Type::kString, kEverywhere, false, check_white_space, R"(\n\n)",
         "White space written after a delimiter; without a line break it counts as one."},
  Option{"title", Type::kString, kEverywhere, false, nullptr, "",
         "What the chat is about, for lists of chats; never sent.", false, {}, true},
  Option{"provenance", Type::kBoolean, kEverywhere, false, nullptr, "false",
         "Whether a comment below each answer names its model, tokens, price and time."},
  Option{"temperature", Type::kNumber, kEverywhere, true, nullptr, "",
         "How freely the model chooses its words: low is predictable, high is creative."},
  Option{"top_p", Type::kNumber, kEverywhere, true, nullptr, "",
         "The model chooses only among the likeliest words that together have this probability."},
  Option{"top_k", Type::kInteger, kEverywhere, true, nullptr, "",
         "The model chooses only among this many of the likeliest words."},
  Option{"max_tokens", Type::kInteger, kEverywhere, true, check_at_least_one, "",
         "The maximum tokens of an answer, sent under the name that the provider uses for it."},
  Option{"stop", Type::kStringOrStrings, kEverywhere, true, nullptr, "",
         "Text at which the model stops: one string or a list of them."},
  Option{"seed", Type::kInteger, kEverywhere, true, nullptr, "",
         "A number that makes answers more alike from one request to the next."},
  Option{"frequency_penalty", Type::kNumber, kEverywhere, true, nullptr, "",
         "How strongly words are avoided in proportion to how often they have occurred."},
  Option{"presence_penalty", Type::kNumber, kEverywhere, true, nullptr, "",
         "How strongly words that have already occurred are avoided."},
  Option{"reasoning_effort", Type::kString, kEverywhere, true, check_word, "",
         "How much a reasoning model thinks, in the provider's own terms, such as \"low\".", false,
         "none minimal low medium high xhigh"},
  Option{"verbosity", Type::kString, kEverywhere, true, check_word, "",
         "How long answers are, in the provider's own terms.", false, "low medium high"},
  Option{"service_tier", Type::kString, kEverywhere, true, check_word, "",
         "The provider's class of service, in its own terms.", false,
         "auto default flex priority"},
  Option{"reasoning", Type::kString, kEverywhere, false, check_reasoning, "hide",
         "What happens to reasoning: \"hide\" leaves it out, \"keep\" writes it first.", false,
         "hide keep"},
  Option{"max_input_tokens", Type::kInteger, kEverywhere, false, check_at_least_one, "",
         "The maximum tokens of a request, estimated; a document may lower it, not raise it.",
         true},
  Option{"max_cost", Type::kNumber, kEverywhere, false, check_above_zero, "",
         "The maximum cost of a request in US dollars, estimated; a document may lower it, not "
         "raise it.", true},
  Option{"tools", Type::kStringsOrTables, kEverywhere, false, check_tools, "",
         "A list of the tools that the model may use: servers, tools as SERVER.TOOL, or globs."},
  Option{"web_search", Type::kBoolean, kEverywhere, false, nullptr, "false",
         "Whether the provider searches the web for the answer."},
  Option{"max_steps", Type::kInteger, kEverywhere, false, check_at_least_one, "20",
         "The maximum requests of an answer with tools; a document may lower it, not raise it.",
         true},
  Option{"body", Type::kTable, kEverywhere, false, nullptr, "",
         "A table merged verbatim into the request's body."},
  Option{"omit", Type::kStrings, kEverywhere, false, nullptr, "",
         "A list of keys to remove from the request's body, wherever they come from."},
  Option{"allow", Type::kStrings, kConfiguration, false, nullptr, "",
         "A list of folders and files that chats anywhere may embed without a prompt."},
  Option{"providers", Type::kTable, kConfiguration, false, nullptr, "",
         "A table [providers.NAME] for each provider that is added or changed."},
  Option{"facts", Type::kTable, kConfiguration, false, nullptr, "",
         "A table [facts.\"PROVIDER/NAME\"] for each model whose facts are added or corrected."},
  Option{"mcp_files", Type::kStrings, kConfigFile, false, check_paths, "",
         "A list of JSON files of other programs that define servers of tools (mcpServers)."},
};

constexpr std::array kProviderSchema = {
  Option{"api", Type::kString, kConfiguration, false, check_api, "",
         "The wire format: \"chat\" (OpenAI Chat Completions), \"responses\" (OpenAI Responses) or "
         "\"messages\" (Anthropic Messages).", false, "chat responses messages"},
  Option{"base_url", Type::kString, kConfiguration, false, check_url, "",
         "The URL that the wire format's endpoint paths are appended to."},
  Option{"api_key_env", Type::kStringOrStrings, kConfiguration, false, check_names, "",
         "The environment variable that holds the key, or a list of them (the first set wins)."},
  Option{"api_key_command", Type::kStrings, kConfiguration, false, check_command, "",
         "A program and its arguments that print the key."},
  Option{"api_key_file", Type::kString, kConfiguration, false, check_not_blank, "",
         "A file that holds the key."},
  Option{"headers", Type::kStringTable, kConfiguration, false, check_headers, "",
         "A table of headers sent along with each request."},
  Option{"models", Type::kStrings, kConfiguration, false, nullptr, "",
         "The names of models that belong to this provider."},
  Option{"default_model", Type::kString, kConfiguration, false, check_word, "",
         "The model to use if none is named."},
  Option{"proxy", Type::kString, kConfiguration, false, check_proxy, "",
         "The proxy for this provider, instead of the environment's; empty for no proxy."},
  Option{"ca_file", Type::kString, kConfiguration, false, check_not_blank, "",
         "A file of certificates (PEM) to trust instead of the system's."},
  Option{"connect_timeout", Type::kNumber, kConfiguration, false, check_not_negative, "",
         "Seconds within which a connection must be established."},
  Option{"idle_timeout", Type::kNumber, kConfiguration, false, check_not_negative, "",
         "Seconds without a byte from the server after which a request fails."},
  Option{"text_timeout", Type::kNumber, kConfiguration, false, check_not_negative, "",
         "Seconds without text or reasoning after which a request fails, whatever else arrives."},
  Option{"prefill", Type::kString, kConfiguration, false, check_prefill, "",
         "How a request continues an answer: \"none\", \"plain\", \"prefix\", \"partial\" or "
         "\"continue_final_message\".", false,
         "none plain prefix partial continue_final_message"},
  Option{"documents", Type::kBoolean, kConfiguration, false, nullptr, "",
         "Whether the provider accepts PDFs."},
  Option{"picture_addresses", Type::kBoolean, kConfiguration, false, nullptr, "",
         "Whether the provider fetches a picture from its URL."},
  Option{"picture_bytes", Type::kInteger, kConfiguration, false, check_not_negative, "",
         "The maximum size of a picture file in bytes, 0 for no limit."},
  Option{"picture_count", Type::kInteger, kConfiguration, false, check_not_negative, "",
         "The maximum number of pictures in a request, 0 for no limit."},
  Option{"request_bytes", Type::kInteger, kConfiguration, false, check_not_negative, "",
         "The maximum bytes of pictures and PDFs in a request, as base64, 0 for no limit."},
  Option{"body", Type::kTable, kConfiguration, false, nullptr, "",
         "A table merged into the body of each request to this provider."},
};

constexpr std::array kToolSchema = {
  Option{"command", Type::kStrings, kConfigFile, false, check_server_command, "",
         "The program of the server and its arguments, started without a shell."},
  Option{"url", Type::kString, kConfigFile, false, check_url, "",
         "The address of a server that is reached over HTTP, instead of a command."},
  Option{"env", Type::kStringTable, kConfigFile, false, check_variables, "",
         "A table of environment variables that the command gets besides the usual few."},
  Option{"cwd", Type::kString, kConfigFile, false, check_server_folder, "",
         "The folder in which the command is started, by default the home folder; \".\" is the chat's."},
  Option{"headers", Type::kStringTable, kConfigFile, false, check_headers, "",
         "A table of headers sent along with each request to the url."},
  Option{"timeout", Type::kNumber, kConfigFile, false, check_above_zero, "60",
         "Seconds without progress after which a call fails."},
  Option{"ask", Type::kString, kConfigFile, false, check_ask, "new",
         "When to ask before a call: \"new\" until the tool is allowed for good, \"always\" or "
         "\"never\".", false, "new always never"},
  Option{"only", Type::kStrings, kConfigFile, false, nullptr, "",
         "The names of the server's tools that are offered; all by default."},
  Option{"sandbox", Type::kBoolean, kConfigFile, false, nullptr, "false",
         "Whether the command runs in bubblewrap."},
  Option{"enabled", Type::kBoolean, kConfigFile, false, nullptr, "false",
         "Whether its tools are offered in chats that do not set tools."},
};

constexpr std::array kModelSchema = {
  Option{"context", Type::kInteger, kConfiguration, false, check_at_least_one, "",
         "The context window: the tokens of a chat and its answer together."},
  Option{"max_output", Type::kInteger, kConfiguration, false, check_at_least_one, "",
         "The maximum tokens of an answer."},
  Option{"images", Type::kBoolean, kConfiguration, false, nullptr, "",
         "Whether the model accepts pictures."},
  Option{"reasoning", Type::kBoolean, kConfiguration, false, nullptr, "",
         "Whether the model reasons before it answers."},
  Option{"price", Type::kTable, kConfiguration, false, check_price, "",
         "US dollars per million tokens: a table of input, output and cached_input."},
};
// clang-format on

constexpr std::size_t kShortestNear = 3;

}  // namespace

std::span<const Option> schema() { return kSchema; }

std::span<const Option> provider_schema() { return kProviderSchema; }

std::span<const Option> model_schema() { return kModelSchema; }

std::span<const Option> tool_schema() { return kToolSchema; }

const Option* find_option(std::span<const Option> options, std::string_view name) {
  for (const Option& option : options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

const Option* find_near_option(std::span<const Option> options, std::string_view key) {
  if (key.size() < kShortestNear) return nullptr;
  const Option* nearest = nullptr;
  for (const Option& option : options) {
    if (option.shared || !is_near(key, option.name)) continue;
    if (!nearest || near_distance(key, option.name) < near_distance(key, nearest->name)) {
      nearest = &option;
    }
  }
  return nearest;
}

std::string_view name_of(Type type) {
  switch (type) {
    case Type::kString:
      return "a string";
    case Type::kNumber:
      return "a number";
    case Type::kInteger:
      return "a whole number";
    case Type::kStringOrStrings:
      return "a string or a list of strings";
    case Type::kStrings:
    case Type::kStringsOrTables:  // the tables have a page of their own
      return "a list of strings";
    case Type::kBoolean:
      return "true or false";
    case Type::kStringTable:
      return "a table of strings";
    case Type::kTable:
      return "a table";
  }
  return "a value";
}

bool belongs_to_provider(std::string_view key) {
  return key == "base_url" || key == "headers" || key == "proxy" || key == "ca_file" ||
         key.starts_with("api_key");
}

}  // namespace chatvim::settings
