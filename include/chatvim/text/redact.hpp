// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace chatvim::text {

/// Returns the text with each secret replaced by `***`, even if only the start of a secret is
/// present, as in truncated text. Secrets shorter than eight bytes could be ordinary words and are
/// kept.
std::string redact(std::string_view text, std::span<const std::string> secrets);

/// Returns the text with the secrets in its URLs replaced by `***`: passwords before an `@`, and
/// the values of query fields whose names look like those of secrets.
std::string redact_addresses(std::string_view text);

}  // namespace chatvim::text
