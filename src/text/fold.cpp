// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/fold.hpp"

namespace chatvim::text {

std::string fold_word(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (c >= 'A' && c <= 'Z') {
      out.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace chatvim::text
