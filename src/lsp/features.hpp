// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "chat_document.hpp"
#include "chatvim/chat/embeds.hpp"
#include "chatvim/json.hpp"
#include "text.hpp"

// What the server answers about a chat: each function takes the scene and returns the result of the
// request it is named after (LSP 3.17, "Language Features").
namespace chatvim::lsp {

/// What a client can do, from `initialize`.
struct ClientTraits {
  bool snippets = false;         ///< completions may have placeholders
  bool shows_documents = false;  ///< `window/showDocument`
  bool creates_files = false;    ///< workspace edits may create files
  bool applies_edits = false;    ///< `workspace/applyEdit`
  bool versions_edits = false;   ///< workspace edits may name the version of a document
  bool reports_progress = false;
  bool lists_actions = false;  ///< code actions with kinds and edits, not only commands
};

/// A document and what else an answer about it may depend on.
struct Scene {
  ChatDocument& chat;
  Positions positions;
  const ClientTraits& client;
  /// Paths of files that are open in the editor, for completion.
  std::vector<std::string> open_files = {};
  /// Returns where the chat is, with the text of files that are open and not saved. A function,
  /// since it copies their texts and few answers depend on them.
  std::function<chat::Origin()> origin = {};
  /// The parameter that this chat's server has refused, or "".
  std::string refused = {};
};

/// A CompletionList for settings, their values, delimiters, or targets of embeds.
Json complete(Scene& scene, Position at, const Json& params);
/// A Hover for a setting, a model, an embed or a delimiter, or null.
Json hover(Scene& scene, Position at);
/// The Diagnostics of a chat; none for another document.
Json diagnose(Scene& scene);
/// CodeActions, or Commands for clients that know no actions.
Json code_actions(Scene& scene, Range range, const Json& context);
/// A DocumentSymbol for each message, with the headings in it.
Json document_symbols(Scene& scene);
Json folding_ranges(Scene& scene);
/// SemanticTokens for the delimiters in the lines from `first` up to, but not including, `last`.
Json semantic_tokens(Scene& scene, std::size_t first, std::size_t last);
/// The legend of `semantic_tokens`.
Json semantic_legend();
/// The DocumentLinks of embeds that exist.
Json document_links(Scene& scene);
/// The Locations that the embed at a position leads to; none for an address.
Json definition(Scene& scene, Position at);
/// InlayHints with the size of messages and embeds, for the lines from `first` to `last`.
Json inlay_hints(Scene& scene, std::size_t first, std::size_t last);

/// The setting on a line of the front matter, such as `model = "gpt-5"`. Offsets are bytes.
struct SettingLine {
  std::string key;  ///< as written, without quotes
  std::size_t key_start = 0;
  std::size_t key_end = 0;
  std::size_t value_start = 0;  ///< after the sign and white space; without a sign, the end
  bool has_sign = false;        ///< `=` or `:`
};
/// Reads a line of front matter; nothing for a comment, a table's header or an empty line.
std::optional<SettingLine> read_setting_line(std::string_view line);

/// Returns the embed on a line of the chat, or nothing.
std::optional<document::Embed> embed_on(ChatDocument& chat, std::size_t line);
/// Returns what an embed of the chat holds. Reads the files that may be read.
embed::Expansion look_at(Scene& scene, const document::Embed& embed);
/// Returns where embeds are looked for and what may be read.
embed::Context embed_context(Scene& scene);
/// Whether a line of the body is in a code block.
bool is_code(ChatDocument& chat, std::size_t line);
/// Whether a folder may be allowed as a whole: not the root, the home folder or one above it.
bool may_allow_folder(const std::string& folder, const Environment& environment);
/// Returns the estimated tokens of a section's text.
std::size_t tokens_of(Scene& scene, std::size_t section);
/// Returns the first line of a section's text, shortened for a list; may be empty.
std::string title_of(ChatDocument& chat, std::size_t section);

/// Returns the other answers in a section, which stand folded below its answer.
std::vector<document::OtherAnswer> others_of(ChatDocument& chat, std::size_t section);

/// Returns markdown as MarkupContent. Text from a document, a file or an error must be escaped by
/// one of the functions below, because clients load pictures in hovers.
Json markdown(std::string text);
/// Escapes a text so that markdown shows it unchanged.
std::string plain_markdown(std::string_view text);
/// Returns a text, such as a path, as a code span.
std::string code_span(std::string_view text);

/// Returns the delimiter that a line is, exactly or nearly; otherwise nothing.
std::optional<std::string> near_delimiter(std::string_view line, const document::Format& format);
/// Returns the line that closes the code fence that is open at a section's end, or "".
std::string open_fence(ChatDocument& chat, std::size_t section);

/// The `source` of the server's diagnostics.
inline constexpr std::string_view kSource = "chatvim";

}  // namespace chatvim::lsp
