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

/// Everything about a request but the key: a function of the document, the configuration and the
/// environment.
struct Plan {
  provider::Provider provider;
  std::string model;
  std::string url;
  std::string body;
  std::string repeated;  ///< the text that the answer may begin with once more; or empty
  /// The settings that went into the body: the document's name of each and its name there, a dot
  /// between the keys of a path. For hints.
  std::vector<std::pair<std::string, std::string>> parameters;
  bool continues = false;                ///< it continues the last answer
  std::size_t body_bytes = 0;            ///< of `body`, which moves on when it is sent
  bool limits_output = false;            ///< the request holds a limit of tokens for the answer
  bool carries_key = false;              ///< a key is expected: for the dry run, which seeks none
  std::optional<provider::Model> facts;  ///< what is known of the model
  /// The input by estimate: as it is for a calibration to learn from, where it is worth that; and
  /// corrected, where somebody wants to know. Both without what the user's `body` adds.
  std::optional<std::size_t> raw_tokens;
  std::optional<std::size_t> input_tokens;
};

/// What a plan is made for. To be shown, its body holds the type and size of pictures and PDFs in
/// place of their data.
enum class Purpose { kSend, kShow };

/// What a request goes to: a plan's provider, model, wire format and what is known of them. Says
/// nothing of what is sent.
Result<Plan> begin_plan(const settings::Settings& settings, const Environment& environment);

/// Chooses the provider and builds the request's body. A request that is larger than the chat's
/// limits is an error. Where there is a calibration it corrects the estimate.
Result<Plan> make_plan(const Chat& chat, const Environment& environment,
                       Purpose purpose = Purpose::kSend, store::Calibration* calibration = nullptr);

/// The provider that a chat with these settings would go to, for opening the connection early.
Result<provider::Provider> choose_provider(const settings::Settings& settings,
                                           const Environment& environment);

/// The model that a chat with these settings would be answered by, as PROVIDER/NAME.
Result<std::string> choose_model(const settings::Settings& settings,
                                 const Environment& environment);

/// The dry run of a plan that was made to be shown: `{"method","url","headers","body"}` as JSON
/// text, the key shown as `***`.
std::string describe_request(const Plan& plan);

}  // namespace chatvim::chat
