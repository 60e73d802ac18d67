// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/error.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/settings/settings.hpp"
#include "options.hpp"

namespace chatvim::cli {

/// What the configuration says, and the table of providers with it.
struct Known {
  settings::Settings settings;
  provider::Table table;
};

/// Reads the configuration; no document has a part in it.
Result<Known> read_known(const Options& options);

/// Prints, and returns the exit code: that of a failure to write, else `code`.
int print(const std::string& text, int code = 0);

}  // namespace chatvim::cli
