// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "chatvim/provider/catalogue.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/text/utf8.hpp"
#include "near.hpp"

namespace chatvim::provider {
namespace {

/// Limit of a name in a message, in bytes.
constexpr std::size_t kMostShownName = 100;

const Provider* find(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Provider& provider) { return provider.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string join(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

/// Returns a name from the user in a form safe for a message.
std::string shown(std::string_view name) { return text::printable_name(name, kMostShownName); }

std::string list_names(const Table& table) {
  std::vector<std::string> out;
  for (const Provider& provider : table) out.push_back(provider.name);
  return join(out);
}

/// Returns "Near: A, B. ", or "" if there are no words.
std::string near_text(const std::vector<std::string>& words) {
  return words.empty() ? std::string() : "Near: " + join(words) + ". ";
}

Error unknown_provider(const Table& table, const std::string& name) {
  return {ErrorCode::kUnknownProvider,
          fmt::format("There is no provider \"{}\". {}Known providers: {}.", shown(name),
                      near_text(near_providers(table, name)), list_names(table))};
}

Error unknown_model(const Table& table, const std::string& model) {
  if (const std::size_t slash = model.find('/'); slash != std::string::npos) {
    const std::string prefix = model.substr(0, slash);
    return {ErrorCode::kUnknownProvider,
            fmt::format(
                "There is no provider \"{}\" for the model \"{}\". {}Known providers: {}. If the "
                "slash is part of the model's own name, say who has it with provider = \"NAME\".",
                shown(prefix), shown(model), near_text(near_providers(table, prefix)),
                list_names(table))};
  }
  return {ErrorCode::kUnknownModel,
          fmt::format(
              "No provider is known for the model \"{0}\". {1}Write \"PROVIDER/{0}\" to say who "
              "has it; known providers: {2}.",
              shown(model), near_text(near_models(table, model)), list_names(table))};
}

bool matches(std::string_view pattern, std::string_view model) {
  const bool open_start = pattern.starts_with('*');
  const bool open_end = pattern.size() > 1 && pattern.ends_with('*');
  if (open_start) pattern.remove_prefix(1);
  if (open_end) pattern.remove_suffix(1);
  if (open_start && open_end) return model.find(pattern) != std::string_view::npos;
  if (open_start) return model.ends_with(pattern);
  return open_end ? model.starts_with(pattern) : model == pattern;
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view model) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches(pattern, model); });
}

bool lists(const Provider& provider, const std::string& model) {
  return std::find(provider.models.begin(), provider.models.end(), model) != provider.models.end();
}

bool names(const Provider& provider, const std::string& model) {
  const auto& patterns = provider.patterns;
  return std::find(patterns.begin(), patterns.end(), model) != patterns.end();
}

bool knows(const Provider& provider, const std::string& model) {
  return matches_any(provider.patterns, model);
}

/// Returns the first provider for which `has` is true, but checks `named` before any other.
template <class Has>
const Provider* first_with(const Table& table, const Provider* named, Has&& has) {
  if (named != nullptr && has(*named)) return named;
  const auto found = std::find_if(table.begin(), table.end(), has);
  return found == table.end() ? nullptr : &*found;
}

Result<Choice> choose_for(const Table& table, const std::string& model, const Provider* named) {
  if (const std::size_t slash = model.find('/'); slash != std::string::npos) {
    if (const Provider* provider = find(table, model.substr(0, slash))) {
      if (slash + 1 < model.size()) return Choice{provider, model.substr(slash + 1)};
      return tl::unexpected(
          Error{ErrorCode::kUnknownModel,
                fmt::format("\"{}\" names a provider but no model", shown(model))});
    }
  }
  const Provider* provider =
      first_with(table, named, [&](const Provider& row) { return lists(row, model); });
  if (provider == nullptr && named != nullptr && knows(*named, model)) provider = named;
  // A pattern without `*` is a full name and wins over another row's pattern for a whole family.
  if (provider == nullptr) {
    provider = first_with(table, named, [&](const Provider& row) { return names(row, model); });
  }
  if (provider == nullptr) {
    provider = first_with(table, named, [&](const Provider& row) { return knows(row, model); });
  }
  if (provider == nullptr) provider = named;
  if (provider == nullptr) return tl::unexpected(unknown_model(table, model));
  return Choice{provider, model};
}

Error no_key(const Table& table) {
  return {ErrorCode::kNoKey,
          fmt::format("No model is named, and no key was found. {}", key_advice(table))};
}

Result<Choice> choose_default(const Table& table, const Provider* named,
                              const Environment& environment) {
  if (named != nullptr) {
    if (!named->default_model.empty()) return Choice{named, named->default_model};
    return tl::unexpected(Error{
        ErrorCode::kUnknownModel,
        fmt::format("No model is named, and the provider \"{}\" has no default_model{}{}.",
                    named->name, named->models.empty() ? "" : "; it lists ", join(named->models))});
  }
  const auto usable = [&](bool without_key) -> const Provider* {
    for (const Provider& provider : table) {
      const bool open = without_key ? provider.key.optional : has_key(provider, environment);
      if (open && provider.problem.empty() && !provider.default_model.empty()) return &provider;
    }
    return nullptr;
  };
  const Provider* provider = usable(false);
  if (provider == nullptr) provider = usable(true);
  if (provider == nullptr) return tl::unexpected(no_key(table));
  return Choice{provider, provider->default_model};
}

Result<Choice> choose_any(const Table& table, const std::optional<std::string>& model,
                          const std::optional<std::string>& provider,
                          const Environment& environment) {
  const Provider* named = nullptr;
  if (provider && !provider->empty()) {
    named = find(table, *provider);
    // An error even if the model names a provider too: a misspelled name must not send a chat to
    // another provider.
    if (named == nullptr) return tl::unexpected(unknown_provider(table, *provider));
  }
  if (model && !model->empty()) return choose_for(table, *model, named);
  return choose_default(table, named, environment);
}

}  // namespace

bool has_key(const Provider& provider, const Environment& environment) {
  // A command or a file is not tried here because it may ask for a password.
  if (!provider.key.command.empty() || !provider.key.file.empty()) return true;
  if (provider.key.stored != KeyPlace::kNowhere) return true;
  return std::any_of(
      provider.key.environment.begin(), provider.key.environment.end(),
      [&](const std::string& name) { return !environment(name).value_or("").empty(); });
}

std::string key_advice(const Table& table) {
  std::vector<std::string> variables;
  for (const Provider& provider : table) {
    if (provider.key.optional) continue;
    const auto& more = provider.key.environment;
    variables.insert(variables.end(), more.begin(), more.end());
  }
  return fmt::format(
      "Store a provider's key with chatvim keys set, as in chatvim keys set openai, or set its "
      "variable, such as OPENAI_API_KEY, where Neovim or the shell starts. A local "
      "server needs none: name it in config.md with [providers.local] and base_url = "
      "\"http://127.0.0.1:8080/v1\", and write model = \"local/NAME\". These variables were "
      "looked for: {}.",
      variables.empty() ? "none" : join(variables));
}

Result<Choice> choose(const Table& table, const std::optional<std::string>& model,
                      const std::optional<std::string>& provider, const Environment& environment) {
  auto choice = choose_any(table, model, provider, environment);
  if (choice && !choice->provider->problem.empty()) {
    return tl::unexpected(Error{ErrorCode::kBadConfig, choice->provider->problem});
  }
  return choice;
}

Api api_for(const Provider& provider, std::string_view model, Needs needs) {
  if (provider.api != Api::kChat || provider.api_is_own) return provider.api;
  if (needs.tools && provider.responses_for_tools) return Api::kResponses;
  if (needs.web_search && provider.responses_for_search) return Api::kResponses;
  const bool only_responses = matches_any(Catalogue::responses_only(provider.name), model);
  return only_responses ? Api::kResponses : Api::kChat;
}

bool can_search_web(const Provider& provider) {
  switch (provider.web_search) {
    case WebSearch::kNone:
      return false;
    case WebSearch::kPlugin:
      return provider.api == Api::kChat;
    case WebSearch::kTool:
      return provider.api != Api::kChat || (provider.responses_for_search && !provider.api_is_own);
  }
  return false;
}

Prefill prefill_for(const Provider& provider, std::string_view model) {
  const bool knows_how =
      provider.prefill_models.empty() || matches_any(provider.prefill_models, model);
  return provider.api != Api::kResponses && knows_how ? provider.prefill : Prefill::kNone;
}

}  // namespace chatvim::provider
