// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/provider/catalogue.hpp"

namespace chatvim::provider {

/// One page of the list of models that a provider returns.
struct ModelPage {
  std::vector<Model> models;  ///< without `provider`; with limits and prices if the list has them
  std::string after;  ///< Anthropic: the `after_id` for the next page; empty on the last page
};

/// Parses the response to `GET …/models` in the shapes that providers use: OpenAI's `data`, a bare
/// list (Together), Anthropic's pages, OpenRouter's prices per token, the context fields of vLLM
/// and llama.cpp, and Gemini's names with the prefix `models/`.
Result<ModelPage> read_model_page(std::string_view body);

}  // namespace chatvim::provider
