// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chatvim/embed/expand.hpp"

namespace chatvim::embed {

class Session;

/// Where an embed's target leads, without reading what is there. Exactly one of `address`, `path`
/// and `pattern` is set.
struct Location {
  std::string address;  ///< URL of a picture
  std::string path;     ///< resolved
  std::string link;     ///< the same path with the links in it, for opening the file
  std::string pattern;
  bool is_folder = false;
  std::size_t first_line = 0;  ///< of the range, from 1, as written; 0: no range
  std::size_t last_line = 0;
  /// Why the user must allow the path before it is sent, if so. Not determined for patterns.
  std::optional<Outside::Reason> outside;
};

/// Finds the targets of embeds in the chat itself, by the rules of `expand`. What is common to them
/// is worked out once.
class Locator {
 public:
  /// The arguments must outlive the locator.
  explicit Locator(const Context& context, const files::Files& files = files::system_files());
  Locator(const Locator&) = delete;
  Locator& operator=(const Locator&) = delete;
  ~Locator();

  /// The message of an error is a clause such as "there is no such file".
  Result<Location> locate(const std::string& target);

 private:
  std::unique_ptr<Session> session_;
};

/// The same for one target.
Result<Location> locate(const std::string& target, const Context& context,
                        const files::Files& files = files::system_files());

/// Returns the files that a pattern matches, resolved and sorted. Folders that may not be read are
/// passed over. More than 500 matches are an error, as for `expand`.
Result<std::vector<std::string>> find_matches(const std::string& pattern, const Context& context,
                                              const files::Files& files = files::system_files());

}  // namespace chatvim::embed
