// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chatvim::settings {

/// A place in a document, both counted from 1; columns in bytes. Line 0: no place is known.
struct Mark {
  int line = 0;
  int column = 0;
};

/// An error keeps the document from being used, a warning does not.
enum class Severity { kError, kWarning };

/// Something to tell about a place in a document's or the configuration's front matter.
struct Diagnostic {
  Mark at;
  Severity severity = Severity::kError;
  std::string message;  ///< one plain sentence that names the key and says what to do
};

}  // namespace chatvim::settings
