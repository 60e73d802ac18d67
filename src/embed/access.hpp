// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/embed/expand.hpp"

namespace chatvim::embed {

/// What the messages of one source may embed without being asked about.
class Access {
 public:
  /// `source`: the file that the messages are from, absolute; empty: the chat itself.
  Access(const Context& context, const std::string& source, const Files& files);

  /// Whether a file may be read. The path is resolved, as those below.
  bool allows_file(std::string_view path) const;
  /// Whether a folder may be read with all that is below it.
  bool allows_folder(std::string_view path) const;
  /// Whether the names in a folder may be read.
  bool allows_names(std::string_view path) const;

 private:
  struct Root {
    std::string path;  ///< resolved
    bool tree = true;  ///< all below it; else only files in it
  };
  void add(const std::string& path, bool chosen, const Files& files);

  std::string home_;  ///< resolved, or empty
  std::vector<Root> roots_;
};

/// True for a name that, below a root, is known to hold credentials: asked about always.
bool holds_credentials(std::string_view name);

}  // namespace chatvim::embed
