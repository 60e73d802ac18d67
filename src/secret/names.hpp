// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "chatvim/secret/patterns.hpp"

namespace chatvim::secret {

/// Returns patterns for the values of variables, settings and headers whose name suggests a secret,
/// as written in a shell, `.env`, YAML, JSON, INI, XML or source code. They do not match a stand-in
/// for the value: a placeholder, a variable or a call.
std::span<const SecretPattern> named_secrets();

}  // namespace chatvim::secret
