// SPDX-License-Identifier: Apache-2.0
#include "builtin.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "chatvim/provider/catalogue.hpp"
#include "chatvim/text/url.hpp"
#include "url.hpp"

namespace chatvim::provider {
namespace {

struct HeaderFrom {
  std::string_view header;
  std::string_view variable;
};

/// Converts a variable's value to a base URL; returns the value unchanged if that is not possible.
using ReadAddress = std::string (*)(const std::string& value);

std::string as_it_is(const std::string& value) { return value; }

/// Appends the path of version 1 of the API to the address of an Azure resource.
std::string azure_address(const std::string& value) {
  const auto url = text::parse_http_url(value);
  const bool is_bare = url && trim_slashes(url->path).empty();
  return is_bare ? url->origin().append("/openai/v1").append(url->query) : value;
}

/// Reads OLLAMA_HOST as Ollama's own client does: HOST, HOST:PORT, :PORT or a URL. The address for
/// listening on all interfaces becomes the loopback address.
std::string ollama_address(const std::string& value) {
  std::string text = value;
  const bool is_url = text::split_url(value).has_authority;
  if (!is_url) {
    // Only a bracketed IPv6 address can have a port.
    if (std::count(text.begin(), text.end(), ':') > 1 && !text.starts_with('[')) {
      text = "[" + text + "]";
    }
    text.insert(0, text.starts_with(':') ? "http://127.0.0.1" : "http://");
  }
  auto url = text::parse_http_url(text);
  if (!url) return value;
  if (url->host == "0.0.0.0") url->host = "127.0.0.1";
  if (url->host == "[::]") url->host = "[::1]";
  if (url->port.empty() && !is_url) url->port = ":11434";
  return url->origin().append(trim_slashes(url->path)).append("/v1").append(url->query);
}

/// A built-in provider; lists are separated by spaces. Defaults are the values that most rows
/// share.
struct Row {
  std::string_view name;
  std::string_view base_url;  // empty: the user must set it
  std::string_view key_variables;
  std::string_view patterns = "";
  Api api = Api::kChat;
  std::string_view address_variable = "";  // the one that the provider's own client reads
  ReadAddress read_address = as_it_is;
  std::string_view key_header = "Authorization";
  std::string_view bearer_variable = "";
  std::string_view token_limit = "max_tokens";
  std::string_view renames = "";  // NAME=PATH, see Provider::renames
  std::span<const HeaderFrom> headers = {};
  bool reports_usage = true;
  bool caches_prompts = false;
  // kNone unless documentation or a report confirms support.
  Prefill prefill = Prefill::kNone;
  std::string_view prefill_models = "";
  std::string_view prefill_url = "";
  bool repeats_prefill = false;
  CallIds call_ids = CallIds::kPlain;
  std::string_view call_signature = "";
  std::string_view reasoning_filler = "";
  WebSearch web_search = WebSearch::kNone;
  // False if no documentation says that it takes a JSON Schema in a stream.
  bool structured_output = true;
  bool responses_for_tools = false;
  bool responses_for_search = false;
  bool simple_input = false;
  // From the documentation; defaults for what it leaves open.
  MediaRules media = {};
  // Runs on the user's machine: needs no key, has chat templates with strict roles.
  bool is_local = false;
};

constexpr std::int64_t kMebi = std::int64_t{1} << 20;

constexpr std::array kOpenAiHeaders = {
    HeaderFrom{"OpenAI-Organization", "OPENAI_ORG_ID"},
    HeaderFrom{"OpenAI-Project", "OPENAI_PROJECT_ID"},
};

// The order matters: if no model is named, the first row with a key provides the default; if no
// provider is named, the first row with a matching pattern gets the model.
const std::array kRows = {
    Row{.name = "openai",
        .base_url = "https://api.openai.com/v1",
        .key_variables = "OPENAI_API_KEY",
        .patterns = "gpt-* o1* o3* o4* chatgpt-* chat-latest codex-*",
        .address_variable = "OPENAI_BASE_URL",
        .token_limit = "max_completion_tokens",
        .headers = kOpenAiHeaders,
        // Its models that reason take tools only there.
        .web_search = WebSearch::kTool,
        .responses_for_tools = true,
        .responses_for_search = true,
        .media = {.documents = true, .picture_count = 1500, .request_bytes = kMebi * 512}},
    Row{.name = "anthropic",
        .base_url = "https://api.anthropic.com/v1",
        .key_variables = "ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN",
        .patterns = "claude-*",
        .api = Api::kMessages,
        .address_variable = "ANTHROPIC_BASE_URL",
        .key_header = "x-api-key",
        .bearer_variable = "ANTHROPIC_AUTH_TOKEN",
        .caches_prompts = true,
        .prefill = Prefill::kPlain,
        // Models after 4.5 reject it.
        .prefill_models = "claude-2* claude-3* claude-opus-4 claude-opus-4-0* claude-opus-4-1* "
                          "claude-opus-4-2025* claude-opus-4-5* claude-sonnet-4 claude-sonnet-4-0* "
                          "claude-sonnet-4-2025* claude-sonnet-4-5* claude-haiku-4-5*",
        .web_search = WebSearch::kTool,
        // The limit of a picture is 5 MiB in base64.
        .media = {.documents = true,
                  .picture_bytes = kMebi * 5 / 4 * 3,
                  .picture_count = 600,
                  .request_bytes = kMebi * 32}},
    Row{.name = "xai",
        .base_url = "https://api.x.ai/v1",
        .key_variables = "XAI_API_KEY",
        .patterns = "grok-*",
        .web_search = WebSearch::kTool,
        .responses_for_search = true,
        // Its documentation allows neither `instructions` nor output parts in the input.
        .simple_input = true},
    Row{.name = "gemini",
        .base_url = "https://generativelanguage.googleapis.com/v1beta/openai",
        .key_variables = "GEMINI_API_KEY GOOGLE_API_KEY",
        .patterns = "gemini-* gemma-*",
        // Its documented value for calls that another model made; without any it fails with 400.
        .call_signature = "skip_thought_signature_validator",
        .media = {.request_bytes = kMebi * 20}},
    Row{.name = "deepseek",
        .base_url = "https://api.deepseek.com",
        .key_variables = "DEEPSEEK_API_KEY",
        .patterns = "deepseek-*",
        .prefill = Prefill::kPrefix,
        .prefill_url = "https://api.deepseek.com/beta",
        // When it thinks, answers without reasoning fail with 400. Any text will do.
        .reasoning_filler = " ",
        // Takes only "json_object".
        .structured_output = false},
    // Mistral always reports usage.
    Row{.name = "mistral",
        .base_url = "https://api.mistral.ai/v1",
        .key_variables = "MISTRAL_API_KEY",
        .patterns = "mistral-* ministral-* magistral-* codestral-* devstral-* pixtral-* voxtral-* "
                    "open-mistral-*",
        .renames = "seed=random_seed",
        .reports_usage = false,
        .prefill = Prefill::kPrefix,
        .repeats_prefill = true,
        .call_ids = CallIds::kNine},
    Row{.name = "groq",
        .base_url = "https://api.groq.com/openai/v1",
        .key_variables = "GROQ_API_KEY",
        .patterns = "llama-* qwen/*",
        .token_limit = "max_completion_tokens",
        .prefill = Prefill::kPlain,
        // With a schema it does not stream.
        .structured_output = false,
        .media = {.request_bytes = kMebi * 4}},
    Row{.name = "openrouter",
        .base_url = "https://openrouter.ai/api/v1",
        .key_variables = "OPENROUTER_API_KEY",
        .renames = "reasoning_effort=reasoning.effort",
        .prefill = Prefill::kPlain,
        .repeats_prefill = true,  // from upstream providers that do
        .web_search = WebSearch::kPlugin,
        .media = {.documents = true}},  // sends the PDF's text to models that accept no PDFs
    Row{.name = "together",
        .base_url = "https://api.together.ai/v1",
        .key_variables = "TOGETHER_API_KEY"},
    Row{.name = "fireworks",
        .base_url = "https://api.fireworks.ai/inference/v1",
        .key_variables = "FIREWORKS_API_KEY",
        .patterns = "accounts/fireworks/models/*",
        .prefill = Prefill::kPlain},
    Row{.name = "cerebras",
        .base_url = "https://api.cerebras.ai/v1",
        .key_variables = "CEREBRAS_API_KEY",
        .patterns = "gpt-oss-120b qwen-*",
        .token_limit = "max_completion_tokens"},
    Row{.name = "moonshot",
        .base_url = "https://api.moonshot.ai/v1",
        .key_variables = "MOONSHOT_API_KEY",
        .patterns = "kimi-* moonshot-*",
        .prefill = Prefill::kPartial,
        .call_ids = CallIds::kDotted,
        // As for DeepSeek; an empty one fails too.
        .reasoning_filler = " ",
        .structured_output = false},
    Row{.name = "zai",
        .base_url = "https://api.z.ai/api/coding/paas/v4",
        .key_variables = "ZAI_API_KEY",
        .patterns = "glm-*",
        .structured_output = false},
    Row{.name = "meta",
        .base_url = "https://api.meta.ai/v1",
        .key_variables = "META_API_KEY",
        .patterns = "muse-*",
        .api = Api::kResponses,
        .structured_output = false},
    Row{.name = "minimax",
        .base_url = "https://api.minimax.io/anthropic",
        .key_variables = "MINIMAX_API_KEY",
        .patterns = "MiniMax-*",
        .api = Api::kMessages,
        .key_header = "x-api-key",
        .structured_output = false},
    Row{.name = "nvidia",
        .base_url = "https://integrate.api.nvidia.com/v1",
        .key_variables = "NVIDIA_API_KEY",
        .structured_output = false},
    Row{.name = "huggingface",
        .base_url = "https://router.huggingface.co/v1",
        .key_variables = "HF_TOKEN"},
    Row{.name = "vercel",
        .base_url = "https://ai-gateway.vercel.sh/v1",
        .key_variables = "AI_GATEWAY_API_KEY",
        .media = {.documents = true}},
    Row{.name = "azure",
        .base_url = "",
        .key_variables = "AZURE_OPENAI_API_KEY AZURE_OPENAI_AD_TOKEN",
        .address_variable = "AZURE_OPENAI_ENDPOINT",
        .read_address = azure_address,
        .key_header = "api-key",
        .bearer_variable = "AZURE_OPENAI_AD_TOKEN",
        .token_limit = "max_completion_tokens"},
    Row{.name = "ollama",
        .base_url = "http://localhost:11434/v1",
        .key_variables = "OLLAMA_API_KEY",
        .address_variable = "OLLAMA_HOST",
        .read_address = ollama_address,
        .prefill = Prefill::kPlain,
        .media = {.picture_addresses = false},
        .is_local = true},
    Row{.name = "llamacpp",
        .base_url = "http://127.0.0.1:8080/v1",
        .key_variables = "",
        .prefill = Prefill::kPlain,
        .repeats_prefill = true,  // in some versions
        .is_local = true},
    Row{.name = "lmstudio",
        .base_url = "http://localhost:1234/v1",
        .key_variables = "LM_API_TOKEN",
        .prefill = Prefill::kPlain,
        .repeats_prefill = true,  // in some versions
        .is_local = true},
    Row{.name = "vllm",
        .base_url = "http://localhost:8000/v1",
        .key_variables = "",
        .prefill = Prefill::kContinueFinal,
        .is_local = true},
};

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0) out.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

void set_address(Provider& provider, const Row& row, const std::string& value) {
  provider.base_url = value.empty() ? std::string(row.base_url) : row.read_address(value);
  if (provider.base_url.empty()) {
    provider.problem = "The provider \"" + provider.name + "\" has no address: set " +
                       std::string(row.address_variable) + ", or base_url in [providers." +
                       provider.name + "] of config.md.";
  } else {
    provider.problem = tidy_address(provider.base_url, row.address_variable);
  }
}

Provider make_provider(const Row& row) {
  Provider provider;
  provider.name = row.name;
  provider.api = row.api;
  provider.key.environment = split(row.key_variables);
  provider.key.optional = row.is_local;
  provider.key_header = row.key_header;
  provider.bearer_variable = row.bearer_variable;
  provider.patterns = split(row.patterns);
  if (!row.is_local) provider.default_model = Catalogue::default_model(row.name);
  provider.token_limit = row.token_limit;
  for (const std::string& rename : split(row.renames)) {
    const std::size_t sign = rename.find('=');
    provider.renames.emplace_back(rename.substr(0, sign), rename.substr(sign + 1));
  }
  provider.reports_usage = row.reports_usage;
  provider.caches_prompts = row.caches_prompts;
  provider.prefill = row.prefill;
  provider.prefill_models = split(row.prefill_models);
  provider.prefill_url = row.prefill_url;
  provider.repeats_prefill = row.repeats_prefill;
  provider.call_ids = row.call_ids;
  provider.call_signature = row.call_signature;
  provider.reasoning_filler = row.reasoning_filler;
  provider.web_search = row.web_search;
  provider.structured_output = row.structured_output;
  provider.responses_for_tools = row.responses_for_tools;
  provider.responses_for_search = row.responses_for_search;
  provider.simple_input = row.simple_input;
  provider.media = row.media;
  provider.joins_roles = row.is_local;
  provider.system_first = row.is_local;
  return provider;
}

}  // namespace

void forget_own_servers(Provider& provider) {
  provider.responses_for_tools = false;
  provider.responses_for_search = false;
}

Table builtin_rows(const Environment& environment) {
  const auto variable = [&](std::string_view name) {
    return name.empty() ? std::string() : environment(name).value_or("");
  };
  Table table;
  for (const Row& row : kRows) {
    Provider provider = make_provider(row);
    const std::string address = variable(row.address_variable);
    set_address(provider, row, address);
    if (!address.empty()) forget_own_servers(provider);
    provider.is_guess = row.is_local && address.empty() && !has_key(provider, environment);
    for (const HeaderFrom& header : row.headers) {
      if (std::string value = variable(header.variable); !value.empty()) {
        provider.headers.emplace_back(header.header, std::move(value));
      }
    }
    table.push_back(std::move(provider));
  }
  return table;
}

}  // namespace chatvim::provider
