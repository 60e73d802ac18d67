// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/home.hpp"

namespace chatvim::text {

std::string expand_home(std::string_view path, const std::optional<std::string>& home) {
  if (!home || (path != "~" && !path.starts_with("~/"))) return std::string(path);
  return *home + std::string(path.substr(1));
}

}  // namespace chatvim::text
