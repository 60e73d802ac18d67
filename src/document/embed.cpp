// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/embed.hpp"

namespace chatvim::document {

std::vector<Embed> find_embeds(std::string_view /*content*/) { return {}; }

}  // namespace chatvim::document
