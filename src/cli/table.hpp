// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chatvim/error.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/settings/settings.hpp"
#include "options.hpp"

namespace chatvim::cli {

/// The configuration's settings and the resulting table of providers.
struct Known {
  settings::Settings settings;
  provider::Table table;
};

/// Reads the configuration, without any document.
Result<Known> read_known(const Options& options);

/// Returns the provider of this name; the error suggests similar names.
Result<const provider::Provider*> find_provider(const Known& known, const std::string& name,
                                                const Environment& environment);

/// Prints text and returns `code`, or the exit code of a failure to write.
int print(const std::string& text, int code = 0);

}  // namespace chatvim::cli
