// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/document/embed.hpp"
#include "chatvim/environment.hpp"
#include "text.hpp"

namespace chatvim::lsp {

/// The lines of one message with its delimiter; the first section of a chat may have none.
struct Section {
  document::Role role = document::Role::kUser;
  std::size_t start = 0;  ///< its delimiter's line, or the first line of the body
  bool has_delimiter = false;
  /// The estimated tokens of its text, computed on demand. An edit clears them.
  std::optional<std::size_t> tokens;

  std::size_t first_line() const { return start + (has_delimiter ? 1 : 0); }
};

/// An open document: its text, and what is read from it when it is needed. Typing in a message only
/// moves the sections below; the front matter is read again after an edit in it.
class ChatDocument {
 public:
  /// What settings depend on besides the text. The environment must outlive the document.
  struct Surroundings {
    const Environment& environment;
    std::string folder;      ///< the working folder, absolute; may be empty
    settings::Layer editor;  ///< the editor's layer of settings
    /// The client opens only chats, and files in which the user may be starting one.
    bool opens_chats = false;
  };

  ChatDocument(std::string uri, std::int64_t version, std::string_view text, Surroundings around);

  const std::string& uri() const { return uri_; }
  /// Returns the path of its file, or "" if the URI is not that of a file.
  const std::string& path() const { return path_; }
  std::int64_t version() const { return version_; }
  const Text& text() const { return text_; }
  /// Whether the text may differ from its file.
  bool is_changed() const { return changed_; }
  void note_saved() { changed_ = false; }

  /// Applies an edit of the client.
  void replace(Range range, std::string_view with, std::int64_t version);
  void replace_all(std::string_view with, std::int64_t version);
  /// Sets the working folder.
  void set_folder(const std::string& folder) {
    around_.folder = folder;
    reading_.reset();
  }
  /// Forgets what was read from configuration files, so that they are read again.
  void forget_settings() {
    reading_.reset();
    without_own_.reset();
  }
  void set_editor_settings(settings::Layer editor) {
    around_.editor = std::move(editor);
    forget_settings();
  }
  /// Called after each edit; empty by default.
  std::function<void(const Edit&)> on_edit;

  /// Whether it is a chat: a line is a delimiter, or the front matter sets the model or a
  /// delimiter, or its name is `chat-*.md`.
  bool is_chat();
  /// Whether it is a chat or may become one, so that embeds in it are answered about.
  bool may_be_chat() { return around_.opens_chats || is_chat(); }
  /// Whether the front matter, closed or not, has no keys but settings of chats, so that it may be
  /// that of a chat.
  bool has_only_settings();
  /// Whether the cursor's line may belong to front matter that is being written.
  bool is_in_front_matter(std::size_t line);
  /// Returns the language of the front matter, also while it is not closed.
  document::FrontMatterKind front_matter_kind();
  /// Returns the index of the first line after the front matter.
  std::size_t body_line();
  const chat::ChatReading& reading();
  /// Returns the chat with its settings; while the front matter has an error, a chat without any of
  /// its own. Null if the configuration cannot be read either.
  const chat::Chat* usable();
  const document::Format& format();
  /// Returns the sections in order; there is always one. Their tokens are for the caller to set.
  std::vector<Section>& sections();
  /// Returns the index of the section that a line of the body belongs to.
  std::size_t section_at(std::size_t line);
  /// Returns the line after the last one of a section.
  std::size_t end_of(std::size_t section);
  /// Returns the text of a section as it is sent.
  document::Message message_of(std::size_t section);
  /// Returns the embeds in a section, with lines of the document; none in an answer.
  std::vector<document::Embed> embeds_of(std::size_t section);

  /// Returns where the chat is, for reading its configuration and embeds.
  chat::Origin origin() const;
  const Environment& environment() const { return around_.environment; }
  const settings::Layer& editor_settings() const { return around_.editor; }
  settings::Scope scope() const { return scope_; }
  std::vector<std::string_view> views() const;

 private:
  void note(const Edit& edit, std::int64_t version);
  void read_front_matter();
  void read_sections();
  void update_sections(std::size_t first, std::size_t last, std::size_t new_last);

  std::string uri_;
  std::string path_;
  std::int64_t version_;
  Text text_;
  Surroundings around_;
  settings::Scope scope_;
  bool changed_ = false;
  bool front_matter_read_ = false;
  document::FrontMatterKind kind_ = document::FrontMatterKind::kNone;
  std::size_t body_line_ = 0;
  std::optional<chat::ChatReading> reading_;
  std::optional<chat::ChatReading> without_own_;  // of an empty document
  document::Format format_;                       // of the last usable front matter
  std::vector<Section> sections_;
};

/// Returns the path in a `file:` URI, percent-decoded, or "" for another URI.
std::string path_of_uri(std::string_view uri);
/// Returns the `file:` URI of an absolute path.
std::string uri_of_path(std::string_view path);

}  // namespace chatvim::lsp
