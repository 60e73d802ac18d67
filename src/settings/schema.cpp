// SPDX-License-Identifier: Apache-2.0
#include "chatvim/settings/schema.hpp"

#include <array>

#include "chatvim/settings/near.hpp"
#include "rules.hpp"

namespace chatvim::settings {
namespace {

constexpr Scope kEverywhere = Scope::kDocument;
constexpr Scope kConfiguration = Scope::kConfiguration;

// Ranges are checked only where every provider agrees: what one refuses, another takes.
// clang-format off
constexpr std::array kSchema = {
  Option{"model", Type::kString, kEverywhere, false, check_word, "",
         "The model, as NAME or PROVIDER/NAME."},
  Option{"preset", Type::kString, kEverywhere, false, check_preset, "",
         "The name of a file in the folder presets beside config.md, without its ending."},
  Option{"provider", Type::kString, kEverywhere, false, check_word, "",
         "The provider of a model that none is known for."},
  Option{"userDelimiter", Type::kString, kEverywhere, false, check_delimiter,
         "# === USER ===",
         "The line that starts a message of the user."},
  Option{"assistantDelimiter", Type::kString, kEverywhere, false, check_delimiter,
         "# === ASSISTANT ===",
         "The line that starts a message of the assistant."},
  Option{"systemDelimiter", Type::kString, kEverywhere, false, check_delimiter,
         "# === SYSTEM ===",
         "The line that starts a message of the system."},
  Option{"delimiterPrefix", Type::kString, kEverywhere, false, check_white_space, R"(\n\n)",
         "White space written before a delimiter; without a line break it counts as one."},
  Option{"delimiterSuffix", Type::kString, kEverywhere, false, check_white_space, R"(\n\n)",
         "White space written after a delimiter; without a line break it counts as one."},
  Option{"temperature", Type::kNumber, kEverywhere, true, nullptr, "",
         "How freely the model chooses its words: low is dry, high is loose."},
  Option{"top_p", Type::kNumber, kEverywhere, true, nullptr, "",
         "Only the likeliest words that together have this probability are chosen from."},
  Option{"top_k", Type::kInteger, kEverywhere, true, nullptr, "",
         "Only this many of the likeliest words are chosen from."},
  Option{"max_tokens", Type::kInteger, kEverywhere, true, check_at_least_one, "",
         "The most tokens of an answer, sent under the name that the provider has for it."},
  Option{"stop", Type::kStringOrStrings, kEverywhere, true, nullptr, "",
         "Text at which the model stops: one string or a list of them."},
  Option{"seed", Type::kInteger, kEverywhere, true, nullptr, "",
         "A number that makes answers more alike from one request to the next."},
  Option{"frequency_penalty", Type::kNumber, kEverywhere, true, nullptr, "",
         "How strongly words are avoided the more often they came."},
  Option{"presence_penalty", Type::kNumber, kEverywhere, true, nullptr, "",
         "How strongly words are avoided that came at all."},
  Option{"reasoning_effort", Type::kString, kEverywhere, true, check_word, "",
         "How much a reasoning model thinks, in the provider's own word, such as \"low\"."},
  Option{"verbosity", Type::kString, kEverywhere, true, check_word, "",
         "How long answers are, in the provider's own word."},
  Option{"service_tier", Type::kString, kEverywhere, true, check_word, "",
         "The provider's class of service, in its own word."},
  Option{"reasoning", Type::kString, kEverywhere, false, check_reasoning, "hide",
         "What becomes of reasoning: \"hide\" leaves it out, \"keep\" writes it first."},
  Option{"max_input_tokens", Type::kInteger, kEverywhere, false, check_at_least_one, "",
         "The most tokens of a chat that is sent, by estimate; a document may lower it, not raise it.",
         true},
  Option{"max_cost", Type::kNumber, kEverywhere, false, check_above_zero, "",
         "The most US dollars of a request that is sent, by estimate; a document may lower it, not "
         "raise it.", true},
  Option{"body", Type::kTable, kEverywhere, false, nullptr, "",
         "A table merged into the request's body as it is."},
  Option{"omit", Type::kStrings, kEverywhere, false, nullptr, "",
         "A list of keys left out of the request's body, whoever put them there."},
  Option{"allow", Type::kStrings, kConfiguration, false, nullptr, "",
         "A list of folders and files that chats anywhere may embed without being asked about."},
  Option{"providers", Type::kTable, kConfiguration, false, nullptr, "",
         "A table [providers.NAME] for each provider that is added or changed."},
  Option{"facts", Type::kTable, kConfiguration, false, nullptr, "",
         "A table [facts.\"PROVIDER/NAME\"] for each model whose facts are added or corrected."},
};

constexpr std::array kProviderSchema = {
  Option{"api", Type::kString, kConfiguration, false, check_api, "",
         "The wire format: \"chat\" (OpenAI Chat Completions), \"responses\" (OpenAI Responses) or "
         "\"messages\" (Anthropic Messages)."},
  Option{"base_url", Type::kString, kConfiguration, false, check_url, "",
         "The address that the names of the wire format's endpoints are added to."},
  Option{"api_key_env", Type::kStringOrStrings, kConfiguration, false, check_names, "",
         "The environment variable that holds the key, or a list of them: the first set one counts."},
  Option{"api_key_command", Type::kStrings, kConfiguration, false, check_command, "",
         "A program and its arguments that print the key."},
  Option{"api_key_file", Type::kString, kConfiguration, false, check_not_blank, "",
         "A file that holds the key."},
  Option{"headers", Type::kStringTable, kConfiguration, false, check_headers, "",
         "A table of headers sent along with each request."},
  Option{"models", Type::kStrings, kConfiguration, false, nullptr, "",
         "The names of models that belong to this provider."},
  Option{"default_model", Type::kString, kConfiguration, false, check_word, "",
         "The model used where none is named."},
  Option{"proxy", Type::kString, kConfiguration, false, check_proxy, "",
         "The proxy for this provider, in place of the environment's; empty for none."},
  Option{"ca_file", Type::kString, kConfiguration, false, check_not_blank, "",
         "A file of certificates (PEM) to trust in place of the system's."},
  Option{"connect_timeout", Type::kNumber, kConfiguration, false, check_not_negative, "",
         "Seconds until a connection must stand."},
  Option{"idle_timeout", Type::kNumber, kConfiguration, false, check_not_negative, "",
         "Seconds without a byte from the server after which a request fails."},
  Option{"text_timeout", Type::kNumber, kConfiguration, false, check_not_negative, "",
         "Seconds without text or reasoning after which a request fails, whatever else comes."},
  Option{"prefill", Type::kString, kConfiguration, false, check_prefill, "",
         "How a request goes on with an answer: \"none\", \"plain\", \"prefix\", \"partial\" or "
         "\"continue_final_message\"."},
  Option{"documents", Type::kBoolean, kConfiguration, false, nullptr, "",
         "Whether the provider takes PDFs."},
  Option{"picture_addresses", Type::kBoolean, kConfiguration, false, nullptr, "",
         "Whether the provider fetches a picture from its address."},
  Option{"picture_bytes", Type::kInteger, kConfiguration, false, check_not_negative, "",
         "The most bytes of a picture's file, 0 for no limit."},
  Option{"picture_count", Type::kInteger, kConfiguration, false, check_not_negative, "",
         "The most pictures in a request, 0 for no limit."},
  Option{"request_bytes", Type::kInteger, kConfiguration, false, check_not_negative, "",
         "The most bytes of pictures and PDFs in a request, in base64, 0 for no limit."},
  Option{"body", Type::kTable, kConfiguration, false, nullptr, "",
         "A table merged into the body of each request to this provider."},
};

constexpr std::array kModelSchema = {
  Option{"context", Type::kInteger, kConfiguration, false, check_at_least_one, "",
         "The tokens of a chat and its answer together."},
  Option{"max_output", Type::kInteger, kConfiguration, false, check_at_least_one, "",
         "The most tokens of an answer."},
  Option{"images", Type::kBoolean, kConfiguration, false, nullptr, "",
         "Whether the model takes pictures."},
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
    if (!is_near(key, option.name)) continue;
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
