// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatvim::chat {

/// Where a chat is, and what its user allows: what a request depends on besides the text.
struct Origin {
  std::string file;                       ///< the chat's, absolute; empty: it has none
  std::string folder;                     ///< the working folder, absolute
  std::vector<std::string> allowed;       ///< files and folders that may be embedded
  std::set<std::string> confirmed;        ///< marks of secrets that may be sent
  std::set<std::string> allowed_demands;  ///< of the chat's documents, as in "body:HASH"
  bool remembers = false;  ///< what the user decided earlier counts: there is somebody to ask
  bool asks = false;       ///< the other side can ask about a `.chatvim.md`
  std::vector<std::string> without_context;  ///< files `.chatvim.md` that are left out this time
  bool allows_secrets = false;               ///< all of them may
  /// Keys of the user's that are known already, each after what it is.
  std::vector<std::pair<std::string, std::string>> keys;
  std::set<std::string> unsaved;               ///< files with newer text in the editor
  std::map<std::string, std::string> buffers;  ///< such texts
};

/// Adds what the user allows: the name of a demand, the mark of a secret ("secret:MARK"), or a
/// path, which `absolute` makes absolute.
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
