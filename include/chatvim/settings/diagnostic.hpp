// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chatvim::settings {

/// A position in a document: line and column, both counted from 1, columns in bytes. Line 0:
/// unknown.
struct Mark {
  int line = 0;
  int column = 0;
};

/// An error makes the document unusable, a warning does not.
enum class Severity { kError, kWarning };

/// A finding about a place in the front matter of a document or of the configuration.
struct Diagnostic {
  Mark at;
  Severity severity = Severity::kError;
  std::string message;  ///< one plain sentence that names the key and says what to do
};

}  // namespace chatvim::settings
