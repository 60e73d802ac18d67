// SPDX-License-Identifier: Apache-2.0
#include "secrets.hpp"

namespace chatvim::embed {

SecretFinder::SecretFinder(const std::vector<std::pair<std::string, std::string>>& /*keys*/) {}
std::vector<FoundSecret> SecretFinder::find(std::string_view /*text*/) const { return {}; }
std::string mark_of(std::string_view path, const FoundSecret& /*secret*/) {
  return std::string(path);
}

}  // namespace chatvim::embed
