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

/// The size of a request, as far as it is known before sending.
struct Size {
  std::size_t tokens = 0;               ///< estimated size of the input
  std::optional<std::int64_t> context;  ///< context size of the model, in tokens
  std::optional<double> price;          ///< of the input, in US dollars
};

/// Returns the size of a plan with `Plan::input_tokens` set.
Size size_of(const Plan& plan);

/// Returns the size as fields of the protocol: `tokens`, and if known `context` and `price`.
Json describe_size(const Size& size);

/// Returns the size of a plan as a sentence.
std::string size_in_words(const Plan& plan);

/// Returns an estimate for the plan's model, with the text part corrected by `calibration` unless
/// that is null.
std::size_t correct(const Plan& plan, const tokens::InputEstimate& estimate,
                    store::Calibration* calibration);

/// Estimates a plan's input if it is needed for a limit or to be shown, or if it is cheap and the
/// calibration can learn from it.
void measure(Plan& plan, const Chat& chat, Purpose purpose, store::Calibration* calibration);

/// Checks that the request, with `body` and `omit` applied as it will be sent, is within
/// `max_input_tokens` and `max_cost`. The plan must have been measured. Anything whose size cannot
/// be known is an error.
Result<void> check_limits(const Plan& plan, const Chat& chat, const wire::Prompt& prompt);

/// Formats an amount of US dollars with cents, or with two significant digits if it is less than
/// one dollar.
std::string in_dollars(double amount);

}  // namespace chatvim::chat
