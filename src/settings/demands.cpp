// SPDX-License-Identifier: Apache-2.0
#include "demands.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "chatvim/settings/schema.hpp"
#include "chatvim/text/fold.hpp"

namespace chatvim::settings {
namespace {

/// What a value may be.
enum class Form {
  kScalar,   ///< a string, a number, true, false or null
  kScalars,  ///< one or a list of them
  kFlat,     ///< these, or a table of them
  kAny       ///< whatever describes the form of an answer, such as a JSON schema
};

struct Sayable {
  std::string_view path;  ///< a dot between keys; `*` at its end matches the rest
  Form form;
};

// The parameters that OpenAI, Anthropic, Google, Mistral, OpenRouter, Ollama, llama.cpp, vLLM and
// those like them document. Not here, on purpose: whatever reaches another server (tools, plugins,
// search, fetched files), chooses who answers (model, models, provider, route), brings or replaces
// text (messages, input, instructions, prompt), keeps the chat (store, metadata, conversation,
// cache retention) or multiplies its price (n, best_of, speed).
constexpr std::array kSayable = {
    Sayable{"temperature", Form::kScalar},
    Sayable{"top_p", Form::kScalar},
    Sayable{"top_k", Form::kScalar},
    Sayable{"top_a", Form::kScalar},
    Sayable{"top_n_sigma", Form::kScalar},
    Sayable{"min_p", Form::kScalar},
    Sayable{"typical_p", Form::kScalar},
    Sayable{"tfs_z", Form::kScalar},
    Sayable{"mirostat*", Form::kScalar},
    Sayable{"dynatemp_*", Form::kScalar},
    Sayable{"xtc_*", Form::kScalar},
    Sayable{"dry_*", Form::kScalars},
    Sayable{"samplers", Form::kScalars},
    Sayable{"max_tokens", Form::kScalar},
    Sayable{"max_completion_tokens", Form::kScalar},
    Sayable{"max_output_tokens", Form::kScalar},
    Sayable{"min_tokens", Form::kScalar},
    Sayable{"n_predict", Form::kScalar},
    Sayable{"num_ctx", Form::kScalar},
    Sayable{"options", Form::kFlat},
    Sayable{"stop", Form::kScalars},
    Sayable{"stop_sequences", Form::kScalars},
    Sayable{"stop_token_ids", Form::kScalars},
    Sayable{"ignore_eos", Form::kScalar},
    Sayable{"seed", Form::kScalar},
    Sayable{"random_seed", Form::kScalar},
    Sayable{"frequency_penalty", Form::kScalar},
    Sayable{"presence_penalty", Form::kScalar},
    Sayable{"repetition_penalty", Form::kScalar},
    Sayable{"repeat_penalty", Form::kScalar},
    Sayable{"repeat_last_n", Form::kScalar},
    Sayable{"length_penalty", Form::kScalar},
    Sayable{"logit_bias", Form::kFlat},
    Sayable{"logprobs", Form::kScalar},
    Sayable{"top_logprobs", Form::kScalar},
    Sayable{"reasoning", Form::kFlat},
    Sayable{"reasoning_*", Form::kScalar},
    Sayable{"include_reasoning", Form::kScalar},
    Sayable{"separate_reasoning", Form::kScalar},
    Sayable{"think", Form::kScalar},
    Sayable{"thinking", Form::kFlat},
    Sayable{"thinking_*", Form::kScalar},
    Sayable{"enable_thinking", Form::kScalar},
    Sayable{"chat_template_kwargs", Form::kFlat},
    Sayable{"extra_body.google.thinking_config", Form::kFlat},
    Sayable{"verbosity", Form::kScalar},
    Sayable{"service_tier", Form::kScalar},
    Sayable{"response_format", Form::kAny},
    Sayable{"text", Form::kAny},
    Sayable{"output_config", Form::kAny},
    Sayable{"output_format", Form::kAny},
    Sayable{"json_schema", Form::kAny},
    Sayable{"structured_outputs", Form::kAny},
    Sayable{"guided_*", Form::kAny},
    Sayable{"grammar", Form::kScalar},
    Sayable{"truncation", Form::kScalar},
    Sayable{"parallel_tool_calls", Form::kScalar},
    Sayable{"prompt_cache_key", Form::kScalar},
    Sayable{"cache_prompt", Form::kScalar},
    Sayable{"prompt_mode", Form::kScalar},
    Sayable{"safe_prompt", Form::kScalar},
    Sayable{"timings_per_token", Form::kScalar},
    Sayable{"stream_options", Form::kFlat},
};

bool is_scalar(const Json& value) { return value.is_primitive(); }

bool all_scalars(const Json& value) {
  return std::all_of(value.begin(), value.end(), [](const Json& one) { return is_scalar(one); });
}

/// Whether a key may make a server call somebody, or hand it a tool.
bool names_other(std::string_view key) {
  constexpr std::array<std::string_view, 5> kWords = {"url", "server", "tool", "mcp", "plugin"};
  return std::any_of(kWords.begin(), kWords.end(), [key](std::string_view word) {
    return text::fold_word(key).find(word) != std::string::npos;
  });
}

/// Whether a schema or form refers to nobody: a JSON schema has names of the user's choice under
/// `properties`, which mean nothing to the server.
bool stays_inside(const Json& value, bool are_names = false) {
  if (value.is_array()) {
    return std::all_of(value.begin(), value.end(),
                       [](const Json& one) { return stays_inside(one); });
  }
  if (!value.is_object()) return true;
  for (const auto& [key, inner] : value.items()) {
    if (!are_names && names_other(key)) return false;
    const bool is_reference = key == "$ref" && inner.is_string();
    if (is_reference && !inner.get_ref<const std::string&>().starts_with('#')) return false;
    const bool holds_names = key == "properties" || key == "$defs" || key == "definitions";
    if (!stays_inside(inner, holds_names && !are_names)) return false;
  }
  return true;
}

bool fits(Form form, const Json& value) {
  switch (form) {
    case Form::kAny:
      return stays_inside(value);
    case Form::kFlat:
      if (value.is_object()) return all_scalars(value);
      [[fallthrough]];
    case Form::kScalars:
      if (value.is_array()) return all_scalars(value);
      [[fallthrough]];
    case Form::kScalar:
      return is_scalar(value);
  }
  return false;
}

bool matches(std::string_view pattern, std::string_view path) {
  if (!pattern.ends_with('*')) return pattern == path;
  return path.starts_with(pattern.substr(0, pattern.size() - 1)) &&
         path.find('.') == std::string_view::npos && !names_other(path);
}

const Sayable* find(std::string_view path) {
  const auto* const found =
      std::find_if(kSayable.begin(), kSayable.end(),
                   [path](const Sayable& one) { return matches(one.path, path); });
  return found == kSayable.end() ? nullptr : found;
}

bool leads_to_sayable(const std::string& path) {
  return std::any_of(kSayable.begin(), kSayable.end(),
                     [&path](const Sayable& one) { return one.path.starts_with(path + "."); });
}

/// What a request says anyway.
bool is_usual(std::string_view key, const Json& value) {
  return (key == "stream" && value == true) || (key == "store" && value == false) ||
         (key == "n" && value == 1);
}

bool may_say_at(const std::string& path, const Json& value) {
  if (const Sayable* known = find(path)) return fits(known->form, value);
  if (!value.is_object() || !leads_to_sayable(path)) return false;
  for (const auto& [key, member] : value.items()) {
    if (!may_say_at(path + "." + key, member)) return false;
  }
  return true;
}

}  // namespace

bool may_say(std::string_view key, const Json& value) {
  return is_usual(key, value) || may_say_at(std::string(key), value);
}

bool may_omit(std::string_view name) {
  const Option* option = find_option(schema(), name);
  return (option != nullptr && option->parameter) || find(name) != nullptr;
}

bool may_choose(std::string_view model) {
  // OpenRouter takes several suffixes, in any order.
  for (std::size_t colon = model.find(':'); colon != std::string_view::npos;) {
    model.remove_prefix(colon + 1);
    colon = model.find(':');
    if (text::fold_word(model.substr(0, colon)) == "online") return false;
  }
  return true;
}

}  // namespace chatvim::settings
