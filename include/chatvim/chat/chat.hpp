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
#include "chatvim/schema/schema.hpp"
#include "chatvim/settings/settings.hpp"
#include "chatvim/tools/tool.hpp"

namespace chatvim::chat {

/// The parsed and checked front matter of a document or a configuration file.
struct Part {
  settings::Layer layer;
  std::size_t body_line = 0;  ///< index of the first line after the front matter
};

/// Parses the front matter of `lines`.
Part read_part(std::span<const std::string_view> lines, settings::Scope scope);

/// Returns the delimiters according to the settings.
document::Format format_of(const settings::Settings& settings);

/// Formats a diagnostic as "FILE:LINE:COLUMN: sentence"; without a file as "Line LINE, column
/// COLUMN: sentence"; without a place as the sentence alone.
std::string describe_place(std::string_view file, const settings::Diagnostic& diagnostic);

/// What the user wants: a new answer, a continuation of the last answer, or a replacement for it.
enum class Mode { kAnswer, kContinue, kRetry };

/// A usable chat: its document has no errors.
struct Chat {
  settings::Settings settings;
  document::Format format;
  std::vector<document::Message> messages;  ///< the configuration's, then the document's
  std::size_t own_messages = 0;             ///< number of those that are the document's
  document::Tail tail;
  Mode mode = Mode::kAnswer;
  /// Where the answer goes in the other modes, and behind or in place of calls that end the chat.
  std::optional<document::Place> place;
  std::vector<tools::Tool> tools = {};            ///< that the model is offered
  std::vector<std::string> missing_servers = {};  ///< whose tools are wanted but not known
  std::optional<schema::Schema> schema = {};      ///< that the answer must fit
  double spent = 0;  ///< US dollars that earlier requests of the answer have cost
};

/// The result of reading a chat: the chat if it is usable, and the document's diagnostics in any
/// case.
struct ChatReading {
  Result<Chat> chat = tl::unexpected(Error{});
  settings::Layer document_layer;
  std::vector<settings::Diagnostic> diagnostics;
  std::vector<std::string> warnings;  ///< about the configuration
  /// A `.chatvim.md` whose current text the user has neither accepted nor declined; it is not used.
  std::optional<ContextFile> offered = {};
};

/// Settings that come from neither a configuration file nor the document.
struct GivenSettings {
  settings::Layer editor;        ///< the editor's; overridden by the folder's and the document's
  settings::Layer command_line;  ///< overrides all others, as it was typed for this request
};

/// Reads a chat. The layers of its settings, weakest first: the configuration, the editor, the
/// folder's `.chatvim.md`, the document's front matter, the command line.
ChatReading read_chat(std::span<const std::string_view> lines, const GivenSettings& given,
                      const Environment& environment, const Origin& origin = {});

/// Checks that the chat can be answered, which means that its last message is the user's.
Result<void> check_answerable(const Chat& chat);

/// Checks that the lines can be sent: valid UTF-8 without NUL bytes.
Result<void> check_text(std::span<const std::string_view> lines);

}  // namespace chatvim::chat
