// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/completion/chat.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/table.hpp"

namespace chatvim::completion {

/// Everything about a request but the key: a function of the document, the configuration and the
/// environment.
struct Plan {
  provider::Provider provider;
  std::string model;
  std::string url;
  std::string body;
  std::vector<std::string>
      parameters;  ///< names of the settings that went into the body, for hints
};

/// Chooses the provider and builds the request's body.
Result<Plan> make_plan(const Chat& chat, const provider::Environment& environment);

/// The provider that a chat with these settings would go to, for opening the connection early.
Result<provider::Provider> choose_provider(const settings::Settings& settings,
                                           const provider::Environment& environment);

/// The dry run: `{"method","url","headers","body"}` as JSON text, the key shown as `***`.
std::string describe_request(const Plan& plan);

}  // namespace chatvim::completion
