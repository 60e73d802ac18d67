// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatvim::secret {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kWord =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kValue =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=~";

/// Limit for following a name or value, so that text made of hooks does not take quadratic time.
constexpr std::size_t kFar = 512;

/// Returns the number of leading characters in a set, up to `most`.
std::size_t count_front(std::string_view text, std::string_view set, std::size_t most = kFar);

/// Returns the number of characters in a set directly before a position, up to `kFar`.
std::size_t count_back(std::string_view text, std::size_t at, std::string_view set);

/// Whether the text before a position ends with another text.
bool is_behind(std::string_view text, std::size_t at, std::string_view before);

std::string small_letters(std::string_view text);

/// Whether a value is a placeholder to be filled in, such as "changeme" or "<your token>".
bool is_placeholder(std::string_view value);

/// Whether a value mixes letters and digits as no word does.
bool is_random(std::string_view value);

}  // namespace chatvim::secret
