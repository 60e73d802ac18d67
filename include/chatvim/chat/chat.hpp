// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/context_file.hpp"
#include "chatvim/chat/origin.hpp"
#include "chatvim/document/format.hpp"
#include "chatvim/document/message.hpp"
#include "chatvim/document/place.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/error.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/settings/settings.hpp"

namespace chatvim::chat {

/// The front matter of a document or of a configuration file, read and checked.
struct Part {
  settings::Layer layer;
  std::size_t body_line = 0;  ///< index of the first line after the front matter
};

/// Reads the front matter of `lines`.
Part read_part(std::span<const std::string_view> lines, settings::Scope scope);

/// The delimiters that the settings say.
document::Format format_of(const settings::Settings& settings);

/// "FILE:LINE:COLUMN: sentence"; without a file "Line LINE, column COLUMN: sentence"; without a
/// place the sentence alone.
std::string describe_place(std::string_view file, const settings::Diagnostic& diagnostic);

/// What is asked of a chat: an answer, that its last answer goes on, or another in place of that.
enum class Mode { kAnswer, kContinue, kRetry };

/// A chat that can be used: its document has no error.
struct Chat {
  settings::Settings settings;
  document::Format format;
  std::vector<document::Message> messages;  ///< the configuration's, then the document's
  std::size_t own_messages = 0;             ///< how many of them are the document's
  document::Tail tail;
  Mode mode = Mode::kAnswer;
  std::optional<document::Place> place;  ///< where an answer of another mode goes
};

/// A chat as it was read: usable or not, its diagnostics are those of the document.
struct ChatReading {
  Result<Chat> chat = tl::unexpected(Error{});
  settings::Layer document_layer;
  std::vector<settings::Diagnostic> diagnostics;
  std::vector<std::string> warnings;  ///< about the configuration
  /// A `.chatvim.md` that nobody has decided about as it is now; it is left out.
  std::optional<ContextFile> offered = {};
};

/// Settings that come neither from a configuration file nor from the document.
struct GivenSettings {
  settings::Layer editor;        ///< the editor's: weaker than the folder's and the document's
  settings::Layer command_line;  ///< stronger than all others: typed for this one request
};

/// Reads a chat. The layers of its settings, weakest first: the configuration's, the editor's, that
/// of the folder's `.chatvim.md`, the document's front matter, the command line's.
ChatReading read_chat(std::span<const std::string_view> lines, const GivenSettings& given,
                      const Environment& environment, const Origin& origin = {});

/// Whether the chat can be answered: its last message is the user's.
Result<void> check_answerable(const Chat& chat);

/// Whether the lines are text that can be sent: no NUL, only UTF-8.
Result<void> check_text(std::span<const std::string_view> lines);

}  // namespace chatvim::chat
