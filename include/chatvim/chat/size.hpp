// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "chatvim/chat/plan.hpp"
#include "chatvim/error.hpp"
#include "chatvim/json.hpp"
#include "chatvim/tokens/tokens.hpp"
#include "chatvim/wire/encoder.hpp"

namespace chatvim::chat {

/// How large a request is, as far as that is known before it is sent.
struct Size {
  std::size_t tokens = 0;               ///< of the input, by estimate
  std::optional<std::int64_t> context;  ///< tokens that the model takes
  std::optional<double> price;          ///< of the input, in US dollars
};

/// The size of a plan that was measured (`Plan::input_tokens`).
Size size_of(const Plan& plan);

/// The same as fields of the protocol: `tokens`, and where they are known `context` and `price`.
Json describe_size(const Size& size);

/// The same as a sentence.
std::string size_in_words(const Plan& plan);

/// An estimate for the plan's model, its text corrected by what the calibration, where there is
/// one, knows of that.
std::size_t correct(const Plan& plan, const tokens::InputEstimate& estimate,
                    store::Calibration* calibration);

/// Estimates a plan's input where that is wanted: for a limit, to be shown, or to learn from, as
/// long as that is cheap.
void measure(Plan& plan, const Chat& chat, Purpose purpose, store::Calibration* calibration);

/// Whether the request is within `max_input_tokens` and `max_cost`, as it will be sent: with what
/// `body` and `omit` make of it. The plan has been measured. What cannot be known is refused.
Result<void> check_limits(const Plan& plan, const Chat& chat, const wire::Prompt& prompt);

/// An amount of US dollars: cents, or two digits where it is less than one dollar.
std::string in_dollars(double amount);

}  // namespace chatvim::chat
