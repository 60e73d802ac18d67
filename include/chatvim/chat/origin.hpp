// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatvim::chat {

/// Where a chat is and what its user allows: everything but the text that a request depends on.
struct Origin {
  std::string file;                       ///< the chat's file, absolute; empty if it has none
  std::string folder;                     ///< the working folder, absolute
  std::vector<std::string> allowed;       ///< files and folders that may be embedded
  std::set<std::string> confirmed;        ///< marks of secrets that may be sent
  std::set<std::string> allowed_demands;  ///< names of allowed demands, such as "body:HASH"
  bool remembers = false;  ///< apply the user's earlier decisions; set if the user can be asked
  bool asks = false;       ///< the client can ask the user about a `.chatvim.md`
  std::vector<std::string> without_context;  ///< `.chatvim.md` files to ignore this time
  bool allows_secrets = false;               ///< send any secret
  /// The user's keys that are already known, each with a description first.
  std::vector<std::pair<std::string, std::string>> keys;
  std::set<std::string> unsaved;               ///< files with unsaved changes in the editor
  std::map<std::string, std::string> buffers;  ///< the text of such files
};

/// Adds a permission: the name of a demand, the mark of a secret ("secret:MARK"), or a path, which
/// is made absolute with `absolute`.
template <class Absolute>
void allow(Origin& origin, const std::string& what, Absolute absolute) {
  if (what.starts_with("body:") || what.starts_with("server:")) {
    origin.allowed_demands.insert(what);
  } else if (what.starts_with("secret:")) {
    origin.confirmed.insert(what.substr(std::string_view("secret:").size()));
  } else {
    origin.allowed.push_back(absolute(what));
  }
}

}  // namespace chatvim::chat
