// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace chatvim {

/// The wire formats of requests and responses: OpenAI Chat Completions, OpenAI Responses, Anthropic
/// Messages.
enum class Api { kChat, kResponses, kMessages };

/// "chat", "responses" or "messages", the values of the setting `api`.
std::string_view name_of(Api api);
/// The wire format of that name, or nothing.
std::optional<Api> api_of(std::string_view name);

}  // namespace chatvim
