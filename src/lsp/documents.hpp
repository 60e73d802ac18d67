// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "chat_document.hpp"
#include "chatvim/json.hpp"
#include "text.hpp"

namespace chatvim::lsp {

/// The documents that are open in the client.
class Documents {
 public:
  /// The environment must outlive it.
  explicit Documents(const Environment& environment) : environment_(environment) {}

  Encoding encoding() const { return encoding_; }
  void set_encoding(Encoding encoding) { encoding_ = encoding; }
  const std::string& folder() const { return folder_; }
  /// Sets the working folder of all documents.
  void set_folder(std::string folder);
  /// Notes that the client opens only chats, and files in which the user may be starting one.
  void set_opens_chats(bool opens_chats) { opens_chats_ = opens_chats; }
  /// Sets the editor's layer of settings of all documents. Returns its first error, or "".
  std::string set_settings(const Json& settings);
  /// Returns where a chat is, with the text of other open files that are not saved.
  chat::Origin origin_of(const ChatDocument& chat) const;

  /// Opens a document; one that is open already is replaced.
  void open(const std::string& uri, const Json& version, const std::string& text);
  /// Applies `contentChanges`. Changes of a document that is not open, and those that are not of
  /// the protocol, are ignored.
  void change(const std::string& uri, const Json& version, const Json& changes);
  void close(const std::string& uri) { all_.erase(uri); }
  /// Returns an open document, or null.
  ChatDocument* find(const std::string& uri);
  /// Returns the chat that was opened or changed last, or null.
  ChatDocument* last_chat();
  const std::map<std::string, std::unique_ptr<ChatDocument>>& all() const { return all_; }
  void forget_settings();

 private:
  const Environment& environment_;
  Encoding encoding_ = Encoding::kUtf16;
  std::string folder_;
  settings::Layer editor_;
  bool opens_chats_ = false;
  std::string last_;  ///< URI of the document that was opened or changed last
  std::map<std::string, std::unique_ptr<ChatDocument>> all_;
};

}  // namespace chatvim::lsp
