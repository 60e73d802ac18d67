// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/api.hpp"

namespace chatvim::tokens {

/// About how many tokens a text is, without a tokenizer: one pass that splits it as byte-pair
/// encoders do and knows what each kind of piece costs on average in o200k_base. How near that is:
/// doc/performance.md, "Accuracy of the token estimate". Any bytes; never throws.
std::size_t estimate_tokens(std::string_view text);

/// The same for a text as far as to each of these places, which rise: how much each part of a text
/// adds is told by one pass.
std::vector<std::size_t> estimate_tokens(std::string_view text, std::span<const std::size_t> ends);

/// About how many tokens a picture is, by what the documentation of OpenAI and, for Messages, of
/// Anthropic says (as of 2026): patches of 32 or 28 pixels, large pictures scaled down first. A
/// side that is not known (0) makes it a picture of a common size.
std::size_t picture_tokens(int width, int height, Api api = Api::kChat);

/// About how many tokens a PDF of so many bytes is: servers read its pages as text and as pictures,
/// and its bytes tell little of how many those are.
std::size_t pdf_tokens(std::size_t bytes);

/// What a request is estimated to hold, in tokens: a tokenizer's business and what is not.
struct InputEstimate {
  std::size_t text = 0;      ///< with what each message costs beside its text
  std::size_t attached = 0;  ///< pictures and PDFs
  std::size_t total() const { return text + attached; }
};

/// The same with what single stretches add to it, in their order.
struct StretchEstimate {
  InputEstimate whole;
  std::vector<InputEstimate> stretches;
};

/// About how many tokens a request's messages are, their parts included.
InputEstimate estimate_input(std::span<const document::Message> messages, Api api = Api::kChat);

/// The same for stretches of them too, which are in the order of the messages and do not overlap.
StretchEstimate estimate_input(std::span<const document::Message> messages,
                               std::span<const document::Stretch> stretches, Api api);

}  // namespace chatvim::tokens
