// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "chatvim/api.hpp"
#include "chatvim/document/message.hpp"

namespace chatvim::tokens {

/// Estimates the number of tokens in a text without a tokenizer. One pass splits the text as
/// byte-pair encoders do and adds the average cost of each kind of piece in o200k_base. For the
/// error see doc/performance.md, "Accuracy of the token estimate". Accepts any bytes; never throws.
std::size_t estimate_tokens(std::string_view text);

/// Estimates the tokens up to each of these offsets, which must be ascending, in one pass, so that
/// the contribution of each part of the text is known.
std::vector<std::size_t> estimate_tokens(std::string_view text, std::span<const std::size_t> ends);

/// Estimates the number of tokens of a picture as documented by OpenAI or, for Messages, Anthropic
/// (as of 2026): patches of 32 or 28 pixels, with large pictures scaled down first. If a side is
/// unknown (0), a common size is assumed.
std::size_t picture_tokens(int width, int height, Api api = Api::kChat);

/// Estimates the number of tokens of a PDF from its size in bytes. Servers read its pages both as
/// text and as pictures, and the size says little about the number of pages.
std::size_t pdf_tokens(std::size_t bytes);

/// The estimated input tokens of a request, text and attachments apart.
struct InputEstimate {
  std::size_t text = 0;      ///< including the overhead of each message
  std::size_t attached = 0;  ///< pictures and PDFs
  std::size_t total() const { return text + attached; }
};

/// An estimate, and what each stretch contributes to it, in order.
struct StretchEstimate {
  InputEstimate whole;
  std::vector<InputEstimate> stretches;
};

/// Estimates the tokens of a request's messages, including their parts.
InputEstimate estimate_input(std::span<const document::Message> messages, Api api = Api::kChat);

/// The same, with stretches, which must be in message order and not overlap.
StretchEstimate estimate_input(std::span<const document::Message> messages,
                               std::span<const document::Stretch> stretches, Api api);

}  // namespace chatvim::tokens
