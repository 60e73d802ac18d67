// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "chatvim/json/text.hpp"
#include "chatvim/text/base64.hpp"
#include "chatvim/wire/encoder.hpp"
#include "encoder_format.hpp"
#include "media_data.hpp"
#include "offers.hpp"

namespace chatvim::wire {
namespace {

constexpr const char* kStream = "stream";
constexpr const char* kStreamOptions = "stream_options";
constexpr const char* kTools = "tools";
/// The names that APIs use for the limit of output tokens; a body holds at most one of them.
constexpr std::array kTokenLimits = {"max_tokens", "max_completion_tokens", "max_output_tokens"};

const EncoderFormat& format_of(Api api) {
  switch (api) {
    case Api::kResponses:
      return kResponsesFormat;
    case Api::kMessages:
      return kMessagesFormat;
    case Api::kChat:
      break;
  }
  return kChatFormat;
}

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// Merges objects key by key at every depth; any other value replaces the old one.
void merge(Json& target, const Json& source) {
  if (!target.is_object() || !source.is_object()) {
    target = source;
    return;
  }
  for (const auto& [key, value] : source.items()) {
    const auto found = target.find(key);
    if (found == target.end()) {
      target[key] = value;
    } else {
      merge(*found, value);
    }
  }
}

/// Merges a user's `body` into `target`. A token limit in `body` replaces the existing one even if
/// their names differ. If `body` itself holds two, which is ambiguous, the one with the provider's
/// name is kept.
void lay_over(Json& target, const Json& body, const std::string& token_limit) {
  if (!body.is_object()) return;
  std::string kept;
  for (const char* name : kTokenLimits) {
    if (body.contains(name) && (kept.empty() || token_limit == name)) kept = name;
  }
  merge(target, body);
  if (kept.empty()) return;
  for (const char* name : kTokenLimits) {
    if (kept != name) target.erase(name);
  }
}

/// Sets the value at a path of keys separated by dots.
void set_at(Json& target, std::string_view path, const Json& value) {
  const std::size_t dot = path.find('.');
  const std::string key(path.substr(0, dot));
  if (dot == std::string_view::npos) {
    target[key] = value;
  } else {
    set_at(target[key], path.substr(dot + 1), value);
  }
}

/// Whether the system text has a member of its own.
bool has_system(const provider::Provider& provider, const Turns& turns) {
  return !format_of(provider.api).system_key.empty() && !turns.system.empty() &&
         !(provider.api == Api::kResponses && provider.simple_input);
}

/// Returns all members of the body, with null in place of the chat's text and the tools.
Json members(const provider::Provider& provider, const Prompt& prompt, const Turns& turns) {
  const EncoderFormat& format = format_of(provider.api);
  Json out = Json::object();
  out["model"] = prompt.model;
  if (has_system(provider, turns)) out[std::string(format.system_key)] = nullptr;
  out[std::string(format.turns_key)] = nullptr;
  out[kStream] = true;
  format.add_own(out, provider, prompt, turns);
  if (has_offers(provider, prompt, turns)) out[kTools] = nullptr;
  for (const auto& [name, value] : prompt.parameters) {
    // `omit` accepts the document's name for a parameter as well as the provider's.
    if (contains(prompt.omit, name)) continue;
    set_at(out, name_in_body(provider, name), format.value_of(name, value));
  }
  return out;
}

/// Whether one of the user's bodies (the provider row's or the document's) has this member.
bool has_own(const provider::Provider& provider, const Prompt& prompt, std::string_view key) {
  const auto has = [&](const Json* body) {
    return body != nullptr && body->is_object() && body->contains(key);
  };
  return has(provider.body.get()) || has(prompt.body);
}

/// Returns `members` with the user's bodies merged in and the keys of `omit` removed.
Json final_members(const provider::Provider& provider, const Prompt& prompt, const Turns& turns) {
  Json body = members(provider, prompt, turns);
  const std::string token_limit = name_in_body(provider, "max_tokens");
  if (provider.body) lay_over(body, *provider.body, token_limit);
  if (prompt.body != nullptr) lay_over(body, *prompt.body, token_limit);
  for (const std::string& key : prompt.omit) body.erase(key);
  // Servers reject stream options if no stream is requested.
  const bool streams = body.contains(kStream) && body[kStream] == true;
  if (!streams && !has_own(provider, prompt, kStreamOptions)) body.erase(kStreamOptions);
  return body;
}

Turns turns_of(const provider::Provider& provider, const Prompt& prompt) {
  const EncoderFormat& format = format_of(provider.api);
  Turns turns = arrange(prompt.messages, {provider.joins_roles || format.joins_roles,
                                          provider.system_first || !format.system_key.empty(),
                                          provider, prompt.state_of});
  turns.continues = prompt.continues;
  turns.describes_media = prompt.describes_media;
  turns.uses_tools = turns.uses_tools || !prompt.tools.empty();
  return turns;
}

std::size_t expected_size(const Prompt& prompt) {
  std::size_t size = 1024;
  // Room for JSON escapes, so that megabytes need not be moved when the string grows. Unused
  // reserve costs nothing, as its pages are never touched.
  const auto add_text = [&size](const std::string& text) {
    size += text.size() + text.size() / 4 + 64;
  };
  for (const document::Message& message : prompt.messages) {
    if (message.parts.empty() && message.answer.empty()) add_text(message.content);
    for (const document::AnswerPart& part : message.answer) {
      add_text(part.text);
      add_text(part.call.arguments);
      add_text(part.call.result);
    }
    for (const document::Part& part : message.parts) {
      add_text(part.text);
      add_text(part.url);
      if (!prompt.describes_media) size += text::base64_size(bytes_of(part).size());
    }
  }
  for (const tools::Tool& tool : prompt.tools) size += tool.description.size() + tool.schema.size();
  return size;
}

}  // namespace

Json same_value(std::string_view /*name*/, const Json& value) { return value; }

void append_plain_system(std::string& out, const provider::Provider& /*provider*/,
                         const Pieces& pieces) {
  append_json_texts(out, pieces);
}

void append_role(std::string& out, std::string_view role) {
  if (out.back() != '[') out.push_back(',');
  out.append("{\"role\":\"").append(role).append("\",\"content\":");
}

std::string name_in_body(const provider::Provider& provider, std::string_view name) {
  const auto find = [&](const auto& names) {
    for (const auto& [known, path] : names) {
      if (known == name) return std::string(path);
    }
    return std::string(name);
  };
  if (provider.api != Api::kChat) return find(format_of(provider.api).names);
  return name == "max_tokens" ? provider.token_limit : find(provider.renames);
}

std::string last_turn(const provider::Provider& provider, const Prompt& prompt) {
  const Turns turns = turns_of(provider, prompt);
  return turns.turns.empty() ? std::string() : join(turns.turns.back().pieces);
}

bool is_token_limit(std::string_view name) {
  return std::find(kTokenLimits.begin(), kTokenLimits.end(), name) != kTokenLimits.end();
}

Json encode_members(const provider::Provider& provider, const Prompt& prompt) {
  Turns turns = turns_of(provider, prompt);
  turns.system.clear();
  return final_members(provider, prompt, turns);
}

std::string encode_body(const provider::Provider& provider, const Prompt& prompt) {
  const EncoderFormat& format = format_of(provider.api);
  const Turns turns = turns_of(provider, prompt);
  const Json body = final_members(provider, prompt, turns);
  const bool own_turns = has_own(provider, prompt, format.turns_key);
  const bool own_system = has_own(provider, prompt, format.system_key);
  const bool own_tools = has_own(provider, prompt, kTools);

  // The messages may have megabytes, so they are written straight to the text, without a JSON tree.
  std::string out;
  out.reserve(expected_size(prompt));
  out.push_back('{');
  for (const auto& [key, value] : body.items()) {
    if (out.size() > 1) out.push_back(',');
    json::append_json_string(out, key);
    out.push_back(':');
    if (!own_turns && key == format.turns_key) {
      format.append_turns(out, provider, turns);
    } else if (!own_system && key == format.system_key) {
      format.append_system(out, provider, turns.system);
    } else if (!own_tools && key == kTools) {
      append_offers(out, provider, prompt, turns);
    } else {
      out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
  }
  out.push_back('}');
  return out;
}

}  // namespace chatvim::wire
