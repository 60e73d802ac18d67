// SPDX-License-Identifier: Apache-2.0
#include "folder.hpp"

namespace chatvim::embed {

Result<void> embed_folder(Session&, Item&, Parts&) {
  return bad_embed("folders cannot be embedded yet");
}

}  // namespace chatvim::embed
