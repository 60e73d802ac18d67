// SPDX-License-Identifier: Apache-2.0
#include "encoder_turns.hpp"

#include "json_text.hpp"

namespace chatvim::provider {

Turns arrange(std::span<const document::Message> messages, Arrangement arrangement) {
  Turns out;
  for (const document::Message& message : messages) {
    if (arrangement.system_apart && message.role == document::Role::kSystem) {
      out.system.push_back(message.content);
      continue;
    }
    const bool joins =
        arrangement.joins_roles && !out.turns.empty() && out.turns.back().role == message.role;
    if (!joins) out.turns.push_back({message.role, {}});
    out.turns.back().texts.push_back(message.content);
  }
  return out;
}

std::string join(const Texts& texts) {
  std::string joined;
  for (const std::string_view text : texts) {
    if (!joined.empty()) joined.append("\n\n");
    joined.append(text);
  }
  return joined;
}

void append_json_texts(std::string& out, const Texts& texts) {
  if (texts.size() == 1) return append_json_string(out, texts.front());
  append_json_string(out, join(texts));
}

}  // namespace chatvim::provider
