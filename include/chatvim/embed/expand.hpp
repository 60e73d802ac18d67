// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/document/message.hpp"
#include "chatvim/error.hpp"
#include "chatvim/files/files.hpp"

namespace chatvim::embed {

/// The context in which a chat's embeds are resolved, and what may be read.
struct Context {
  std::string file;            ///< the chat's file, absolute; empty if it has none
  std::string working_folder;  ///< absolute
  /// Folders and files outside the chat's folder and the working folder that may be read.
  std::vector<std::string> allowed;
  std::function<std::optional<std::string>(std::string_view name)> environment;
  /// Files with unsaved changes in the editor.
  std::set<std::string> unsaved;
  std::map<std::string, std::string> buffers;  ///< the text of those that were requested
  /// The user's keys, which must not be sent, each with a description ("the key of openai").
  std::vector<std::pair<std::string, std::string>> keys;
  std::set<std::string> confirmed;  ///< marks of secrets that the user agreed to send
};

/// The result of expanding one embed.
struct Item {
  enum class Kind { kText, kFolder, kGlob, kPicture, kPdf, kAddress };
  std::string source;    ///< the message's `source`
  std::size_t line = 0;  ///< index of the embed's line in the text that contains the message
  std::string target;    ///< as written
  Kind kind = Kind::kText;
  std::string path;  ///< resolved; empty for a URL
  std::size_t files = 1;
  std::size_t lines = 0;  ///< lines of text
  std::uint64_t bytes = 0;
  std::string media_type;  ///< of a picture or PDF
  int width = 0;           ///< of a picture, in pixels; 0 if unknown
  int height = 0;
  document::Stretch stretch;  ///< its place in the expanded messages; may be empty
  /// Why it cannot be sent: one sentence, with the line and the target.
  std::optional<Error> error;
  std::string reason;  ///< the same as a clause, without line and target: "there is no such file"
};

/// A file or folder that the user must allow before it is read.
struct Outside {
  enum class Reason {
    kElsewhere,    ///< it is neither in the chat's folder nor in the working folder
    kCredentials,  ///< its name suggests credentials, wherever it is
    kHome,         ///< the chat is in the home folder or above it, which is not a project
    kShared,       ///< the chat is in a world-writable folder
    kNoHome        ///< the home folder is unknown
  };
  std::string path;  ///< resolved
  std::string target;
  std::string source;
  std::size_t line = 0;
  Reason reason = Reason::kElsewhere;
};

/// Something in embedded text that looks like a key.
struct Secret {
  std::string mark;           ///< identifies it in `Context::confirmed` without revealing it
  std::string what;           ///< such as "a private key"
  std::string file;           ///< name for display: the target, or a path below it
  std::size_t file_line = 0;  ///< from 1
  std::string target;
  std::string source;
  std::size_t line = 0;
  std::size_t last_file_line = 0;  ///< of a private key in a file read by a tool; else 0
};

/// Messages with their embeds expanded, and what prevents sending them. They can be sent if no item
/// has an error and the other lists are empty.
struct Expansion {
  std::vector<document::Message> messages;
  std::vector<Item> items;
  std::vector<Outside> outside;      ///< need the user's permission; none was read
  std::vector<Secret> secrets;       ///< not yet confirmed by the user
  std::vector<std::string> unsaved;  ///< files whose buffer text is needed
};

/// Replaces the embeds in user and system messages with their content; embeds in answers are
/// ignored. Reads files; no file content makes it throw.
Expansion expand(std::vector<document::Message> messages, const Context& context,
                 const files::Files& files = files::system_files());

}  // namespace chatvim::embed
