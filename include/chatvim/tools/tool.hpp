// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace chatvim::tools {

/// A tool that can be offered to a model.
struct Tool {
  /// Its name in documents, SERVER.TOOL, of the characters `A-Za-z0-9._-`; unique.
  std::string label;
  std::string server;       ///< the server's name in the configuration; "files" is built in
  std::string name;         ///< the server's own name for it
  std::string description;  ///< for the model; may be empty
  std::string schema;       ///< JSON Schema of its arguments: an object, as JSON text
  /// What the server says about the tool's effects, as words such as "read-only". They are shown
  /// to the user, but nothing depends on them.
  std::vector<std::string> hints = {};

  friend bool operator==(const Tool&, const Tool&) = default;
};

/// The result of a call, as the model gets it.
struct Result {
  std::string text;
  bool is_error = false;
  std::size_t left_out = 0;  ///< bytes, about, that followed `text` and were too many to keep
};

}  // namespace chatvim::tools
