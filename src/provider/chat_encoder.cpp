// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "chatvim/provider/encoder.hpp"
#include "json_text.hpp"

namespace chatvim::provider {
namespace {

constexpr const char* kMessages = "messages";
constexpr const char* kStream = "stream";
constexpr const char* kStreamOptions = "stream_options";
/// The names under which APIs take the limit of tokens; a body holds one of them at most.
constexpr std::array kTokenLimits = {"max_tokens", "max_completion_tokens"};

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// Objects are merged key by key, at every depth; anything else replaces what was there.
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

/// Lays a user's `body` over what is there. A token limit in it, whatever its name, replaces one of
/// the other name.
void lay_over(Json& target, const Json& body, const std::string& token_limit) {
  if (!body.is_object()) return;
  for (const char* name : kTokenLimits) {
    if (!body.contains(name)) continue;
    for (const char* other : kTokenLimits) {
      if (std::string_view(other) != name) target.erase(other);
    }
  }
  merge(target, body);
  // One body that names both says nothing clear: the provider's name for it stays.
  if (!target.contains(kTokenLimits[0]) || !target.contains(kTokenLimits[1])) return;
  target.erase(kTokenLimits[token_limit == kTokenLimits[0] ? 1 : 0]);
}

/// All members of the body; the messages as a null in their place.
Json members(const Provider& provider, const Prompt& prompt) {
  Json out = Json::object();
  out["model"] = prompt.model;
  out[kMessages] = nullptr;
  out[kStream] = true;
  if (provider.reports_usage) out[kStreamOptions] = {{"include_usage", true}};
  for (const auto& [name, value] : prompt.parameters) {
    // `omit` knows a parameter by the document's name for it as well as by the provider's.
    if (contains(prompt.omit, name)) continue;
    out[name == "max_tokens" ? provider.token_limit : name] = value;
  }
  return out;
}

void append_message(std::string& out, std::string_view role) {
  if (out.back() != '[') out.push_back(',');
  out.append("{\"role\":\"").append(role).append("\",\"content\":");
}

void append_messages(std::string& out, const Provider& provider, const Prompt& prompt) {
  out.push_back('[');
  for (std::size_t i = 0; i < prompt.messages.size();) {
    const document::Role role = prompt.messages[i].role;
    append_message(out, document::name_of(role));
    std::size_t end = i + 1;
    if (provider.joins_roles) {
      while (end < prompt.messages.size() && prompt.messages[end].role == role) ++end;
    }
    if (end == i + 1) {
      append_json_string(out, prompt.messages[i].content);
    } else {
      std::string joined = prompt.messages[i].content;
      for (std::size_t j = i + 1; j < end; ++j)
        joined.append("\n\n").append(prompt.messages[j].content);
      append_json_string(out, joined);
    }
    out.push_back('}');
    i = end;
  }
  out.push_back(']');
}

}  // namespace

std::string encode_body(const Provider& provider, const Prompt& prompt) {
  const auto names = [](const Json* body, const char* key) {
    return body != nullptr && body->is_object() && body->contains(key);
  };
  Json body = members(provider, prompt);
  if (provider.body) lay_over(body, *provider.body, provider.token_limit);
  if (prompt.body != nullptr) lay_over(body, *prompt.body, provider.token_limit);
  for (const std::string& key : prompt.omit) body.erase(key);
  // Servers refuse options of a stream where none is asked for.
  const bool streams = body.contains(kStream) && body[kStream] == true;
  if (!streams && !names(provider.body.get(), kStreamOptions) &&
      !names(prompt.body, kStreamOptions)) {
    body.erase(kStreamOptions);
  }
  const bool own_messages =
      !names(provider.body.get(), kMessages) && !names(prompt.body, kMessages);

  // Megabytes of messages never become a tree: they are written into the text.
  std::size_t size = 1024;
  for (const document::Message& message : prompt.messages) {
    size += message.content.size() + message.content.size() / 16 + 64;
  }
  std::string out;
  out.reserve(size);
  out.push_back('{');
  for (const auto& [key, value] : body.items()) {
    if (out.size() > 1) out.push_back(',');
    append_json_string(out, key);
    out.push_back(':');
    if (own_messages && key == kMessages) {
      append_messages(out, provider, prompt);
    } else {
      out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
  }
  out.push_back('}');
  return out;
}

}  // namespace chatvim::provider
