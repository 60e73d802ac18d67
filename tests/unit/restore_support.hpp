// SPDX-License-Identifier: Apache-2.0
// Documents in which an interrupted answer is restored.
#pragma once

#include <string>

#include "chatvim/document/restore.hpp"

namespace chatvim::testing {

inline std::string applied(const std::string& text, const document::Restoration& edit) {
  return text.substr(0, edit.offset) + edit.text + text.substr(edit.offset + edit.removed);
}

inline std::string restored(const std::string& text, const document::LostAnswer& lost) {
  return applied(text, document::restore(text, lost));
}

/// Returns the document as a stop would have left it.
inline std::string stopped(const std::string& text, const document::LostAnswer& lost) {
  return text + lost.text + lost.ending;
}

}  // namespace chatvim::testing
