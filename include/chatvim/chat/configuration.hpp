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
/// messages that come first.
struct Configuration {
  std::vector<settings::Layer> layers;
  std::vector<document::Message> messages;
  std::vector<std::string> warnings;  ///< one sentence each, with file, line and column
};

/// The user's configuration folder: $XDG_CONFIG_HOME/chatvim, else ~/.config/chatvim; empty when
/// neither variable is set. A relative path in one of them counts as unset, as the XDG Base
/// Directory Specification says.
std::string configuration_folder(const Environment& environment);

/// Who chose a preset.
struct PresetChoice {
  std::optional<std::string> user;      ///< in the editor's settings or on the command line
  std::optional<std::string> document;  ///< in a chat or a folder's `.chatvim.md`: it comes first
};

/// Reads `config.md`, and `presets/NAME.md` where `preset` or config.md names one. A missing
/// config.md is an empty one; a file that cannot be read or used is an error that names it and the
/// place. What a preset allows and its higher limits count only where it is the one that the user
/// chose; where a document chose another, the limits of the user's hold on.
Result<Configuration> read_configuration(const Environment& environment,
                                         const PresetChoice& preset = {});

/// Reads a folder's `.chatvim.md` from its text, which may say what a document may. Errors as
/// above.
Result<Configuration> read_context(const std::string& path, const std::string& text);

}  // namespace chatvim::chat
