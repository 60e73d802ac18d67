// SPDX-License-Identifier: Apache-2.0
#include "chatvim/api.hpp"

namespace chatvim {

std::string_view name_of(Api api) {
  switch (api) {
    case Api::kChat:
      return "chat";
    case Api::kResponses:
      return "responses";
    case Api::kMessages:
      return "messages";
  }
  return "chat";
}

std::optional<Api> api_of(std::string_view name) {
  for (const Api api : {Api::kChat, Api::kResponses, Api::kMessages}) {
    if (name == name_of(api)) return api;
  }
  return std::nullopt;
}

}  // namespace chatvim
