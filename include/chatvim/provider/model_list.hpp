// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/provider/catalogue.hpp"

namespace chatvim::provider {

/// One page of a provider's own list of models.
struct ModelPage {
  std::vector<Model>
      models;         ///< without `provider`; with limits and prices where the list has them
  std::string after;  ///< Anthropic: the `after_id` of the next page; empty: there is none
};

/// Reads the answer to `GET …/models` in the shapes that providers give it: OpenAI's `data`, a bare
/// list (Together), Anthropic's pages, OpenRouter's prices per token, the context of vLLM,
/// llama.cpp and Gemini's names with `models/` before them.
Result<ModelPage> read_model_page(std::string_view body);

}  // namespace chatvim::provider
