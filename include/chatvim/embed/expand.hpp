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

/// What is known where a chat is sent: what its embeds mean and what may be read.
struct Context {
  std::string file;            ///< the chat's, absolute; empty: it has none
  std::string working_folder;  ///< absolute
  /// Folders and files outside of the chat's folder and the working folder that may be read.
  std::vector<std::string> allowed;
  std::function<std::optional<std::string>(std::string_view name)> environment;
  /// Files that are open in the editor with text that is not saved.
  std::set<std::string> unsaved;
  std::map<std::string, std::string> buffers;  ///< the text of those that were asked for
  /// Keys of the user's, each with what it is ("the key of openai"): they must not be sent.
  std::vector<std::pair<std::string, std::string>> keys;
  std::set<std::string> confirmed;  ///< marks of secrets that the user wants to be sent
};

/// What one embed became.
struct Item {
  enum class Kind { kText, kFolder, kGlob, kPicture, kPdf, kAddress };
  std::string source;    ///< of the message, as there
  std::size_t line = 0;  ///< index of the embed's line in the text that the message is from
  std::string target;    ///< as written
  Kind kind = Kind::kText;
  std::string path;  ///< the resolved one; empty for an address
  std::size_t files = 1;
  std::size_t lines = 0;  ///< of text
  std::uint64_t bytes = 0;
  std::string media_type;  ///< of a picture or PDF
  int width = 0;           ///< of a picture in pixels; 0: not known
  int height = 0;
  document::Stretch stretch;   ///< what it became, in the expansion's messages; or nothing
  std::optional<Error> error;  ///< why it cannot be sent: one sentence with the line and the target
  std::string reason;  ///< the same as a clause without these, such as "there is no such file"
};

/// A file or folder that the user has to allow.
struct Outside {
  enum class Reason {
    kElsewhere,    ///< it lies neither in the chat's folder nor in the working folder
    kCredentials,  ///< by its name it may hold some, wherever it lies
    kHome,         ///< the chat lies in the home folder or above it, which is no project
    kShared,       ///< the chat lies in a folder that everybody writes to
    kNoHome        ///< the home folder is not known
  };
  std::string path;  ///< resolved
  std::string target;
  std::string source;
  std::size_t line = 0;
  Reason reason = Reason::kElsewhere;
};

/// Something in embedded text that looks like a key.
struct Secret {
  std::string mark;           ///< names it to `Context::confirmed`; does not tell it
  std::string what;           ///< such as "a private key"
  std::string file;           ///< as a person names it: the target, or a path below it
  std::size_t file_line = 0;  ///< from 1
  std::string target;
  std::string source;
  std::size_t line = 0;
};

/// Messages with their embeds in place, and what stands in the way. They can be sent when no item
/// has an error and the other lists are empty.
struct Expansion {
  std::vector<document::Message> messages;
  std::vector<Item> items;
  std::vector<Outside> outside;      ///< to be asked about; nothing of them was read
  std::vector<Secret> secrets;       ///< that are not confirmed
  std::vector<std::string> unsaved;  ///< files whose buffer's text is wanted
};

/// Puts what user and system messages embed in place. An answer embeds nothing. Reads files; never
/// throws for what they hold.
Expansion expand(std::vector<document::Message> messages, const Context& context,
                 const files::Files& files = files::system_files());

}  // namespace chatvim::embed
