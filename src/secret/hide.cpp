// SPDX-License-Identifier: Apache-2.0
#include "chatvim/secret/hide.hpp"

#include <cstddef>

#include "chatvim/secret/search.hpp"

namespace chatvim::secret {

std::string hide_secrets(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (const FoundSecret& found : SecretFinder({}).find(text)) {
    const auto begin = static_cast<std::size_t>(found.text.data() - text.data());
    out.append(text.substr(at, begin - at)).append("***");
    at = begin + found.text.size();
  }
  return out.append(text.substr(at));
}

}  // namespace chatvim::secret
