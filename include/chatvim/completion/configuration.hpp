// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/error.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/settings/settings.hpp"

namespace chatvim::completion {

/// What the user's configuration adds to every chat: layers of settings, weakest first, and
/// messages that come first.
struct Configuration {
  std::vector<settings::Layer> layers;
  std::vector<document::Message> messages;
  std::vector<std::string> warnings;  ///< one sentence each, with file, line and column
};

/// The user's configuration folder: $XDG_CONFIG_HOME/chatvim, else ~/.config/chatvim; empty when
/// neither variable is set.
std::string configuration_folder(const provider::Environment& environment);

/// Reads `config.md`, and `presets/NAME.md` where `preset` or config.md names one. A missing
/// config.md is an empty one; a file that cannot be read or used is an error that names it and the
/// place.
Result<Configuration> read_configuration(const provider::Environment& environment,
                                         const std::optional<std::string>& preset);

/// Reads a folder's `.chatvim.md`, which may say what a document may. Errors as above.
Result<Configuration> read_context(const std::string& path);

/// The bytes of a file, at most 512 MiB. A directory, a device, or a file that cannot be read is an
/// error that names it.
Result<std::string> read_file(const std::string& path);

/// `~` and `~/…` with the home folder put in its place.
std::string expand_home(const std::string& path, const provider::Environment& environment);

}  // namespace chatvim::completion
