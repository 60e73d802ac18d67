// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/provider/catalogue.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/store/calibration.hpp"

namespace chatvim::chat {

/// Everything about a request except the key. Depends only on the document, the configuration and
/// the environment.
struct Plan {
  provider::Provider provider;
  std::string model;
  std::string url;
  std::string body;
  std::string repeated;  ///< the text that the answer may begin by repeating; may be empty
  /// The settings that are in the body, for hints: the document's name of each, and its path in the
  /// body with dots between keys.
  std::vector<std::pair<std::string, std::string>> parameters;
  bool continues = false;      ///< the request continues the last answer
  std::size_t body_bytes = 0;  ///< size of `body`, which is moved from when it is sent
  bool limits_output = false;  ///< the request limits the tokens of the answer
  bool carries_key = false;    ///< a key is expected; for the dry run, which does not look it up
  bool offers_tools = false;   ///< the model may call tools
  std::optional<provider::Model> facts;  ///< the known facts about the model
  /// The estimated size of the input: uncorrected, for the calibration to learn from (set if the
  /// estimate is suitable for that), and corrected (set if it is needed). Neither includes what the
  /// user's `body` adds.
  std::optional<std::size_t> raw_tokens;
  std::optional<std::size_t> input_tokens;
};

/// What a plan is made for. With `kShow`, the body holds the type and size of pictures and PDFs in
/// place of their data.
enum class Purpose { kSend, kShow };

/// Makes a plan with only the provider, model, wire format and known facts, but nothing about the
/// content.
Result<Plan> begin_plan(const settings::Settings& settings, const Environment& environment);

/// Chooses the provider and builds the request's body. A request that exceeds the chat's limits is
/// an error. If `calibration` is not null, it corrects the estimate.
Result<Plan> make_plan(const Chat& chat, const Environment& environment,
                       Purpose purpose = Purpose::kSend, store::Calibration* calibration = nullptr);

/// Returns the provider that a chat with these settings would use, so that the connection can be
/// opened early.
Result<provider::Provider> choose_provider(const settings::Settings& settings,
                                           const Environment& environment);

/// Returns the model that a chat with these settings would use, as PROVIDER/NAME.
Result<std::string> choose_model(const settings::Settings& settings,
                                 const Environment& environment);

/// Returns the dry run of a plan made with `kShow`: `{"method","url","headers","body"}` as JSON,
/// with the key shown as `***`.
std::string describe_request(const Plan& plan);

}  // namespace chatvim::chat
