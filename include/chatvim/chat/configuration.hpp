// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/environment.hpp"
#include "chatvim/error.hpp"
#include "chatvim/settings/settings.hpp"

namespace chatvim::chat {

/// What the user's configuration adds to every chat: layers of settings, weakest first, and
/// messages that precede the chat's own.
struct Configuration {
  std::vector<settings::Layer> layers;
  std::vector<document::Message> messages;
  std::vector<std::string> warnings;  ///< one sentence each, with file, line and column
};

/// Returns the user's configuration folder: $XDG_CONFIG_HOME/chatvim, else ~/.config/chatvim; empty
/// if neither XDG_CONFIG_HOME nor HOME is set. A relative path counts as unset, as the XDG Base
/// Directory Specification requires.
std::string configuration_folder(const Environment& environment);

/// The presets chosen, by source.
struct PresetChoice {
  std::optional<std::string> user;      ///< in the editor's settings or on the command line
  std::optional<std::string> document;  ///< in a chat or a folder's `.chatvim.md`; takes precedence
};

/// Reads `config.md`, and `presets/NAME.md` if `preset` or config.md names one. A missing config.md
/// counts as empty; a file that cannot be read or is invalid is an error with its name and the
/// place. A preset can allow files and raise limits only if the user chose it; if a document chose
/// another preset, the limits of the user's preset still apply.
Result<Configuration> read_configuration(const Environment& environment,
                                         const PresetChoice& preset = {});

/// Reads a folder's `.chatvim.md` from its text, which may set whatever a document may. Errors as
/// above.
Result<Configuration> read_context(const std::string& path, const std::string& text);

}  // namespace chatvim::chat
