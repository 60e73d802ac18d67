// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace chatvim::text {

/// The text with each of the secrets shown as `***`, also where only its beginning is there, as in
/// text that was cut. Secrets of less than eight bytes could be words, and stay.
std::string redact(std::string_view text, std::span<const std::string> secrets);

/// The text with what is secret in its addresses shown as `***`: passwords before an `@`, and the
/// values of a query's fields whose names say that they hold a secret.
std::string redact_addresses(std::string_view text);

}  // namespace chatvim::text
