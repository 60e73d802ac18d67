// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/document/message.hpp"

namespace chatvim::patch {

/// A file that a user's message names: by a quote of its lines, or by an embed.
struct NamedFile {
  std::string path;                 ///< as written, without line numbers
  std::optional<std::string> text;  ///< the quoted lines, joined with `\n`; of an embed nothing
};

/// Returns the files that a user's message names, in order.
std::vector<NamedFile> named_files(const document::Message& message);

/// Whether two paths as they were written can name the same file: one ends with the other.
bool can_be_same_file(std::string_view a, std::string_view b);

}  // namespace chatvim::patch
