// SPDX-License-Identifier: Apache-2.0
#include "glob.hpp"

namespace chatvim::embed {

Result<void> embed_glob(Session&, Item&, Parts&, const std::string&, const std::string&) {
  return bad_embed("there is no such file");
}

}  // namespace chatvim::embed
