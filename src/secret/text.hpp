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

/// As far as a name or a value is followed: a text that is made of hooks must not cost the square
/// of its size.
constexpr std::size_t kFar = 512;

/// How many characters of a set a text begins with, up to `most`.
std::size_t count_front(std::string_view text, std::string_view set, std::size_t most = kFar);

/// How many characters of a set stand before a place, up to `kFar`.
std::size_t count_back(std::string_view text, std::size_t at, std::string_view set);

/// Whether the text up to a place ends with another.
bool is_behind(std::string_view text, std::size_t at, std::string_view before);

std::string small_letters(std::string_view text);

/// A value that stands for one to be filled in, such as "changeme" or "<your token>".
bool is_placeholder(std::string_view value);

/// Letters and digits in an order that no word has.
bool is_random(std::string_view value);

}  // namespace chatvim::secret
