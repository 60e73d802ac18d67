// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "chatvim/secret/patterns.hpp"

namespace chatvim::secret {

/// Values of variables, settings and headers whose name says that they hold a secret, as written in
/// a shell, `.env`, YAML, JSON, INI, XML or source code. What stands for a value that is known
/// elsewhere (a placeholder, a variable, a call) is none.
std::span<const SecretPattern> named_secrets();

}  // namespace chatvim::secret
