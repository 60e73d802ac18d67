// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chatvim/tools/tool.hpp"

namespace chatvim::tools {

/// Returns the name of a tool in documents, SERVER.TOOL, of the characters `A-Za-z0-9._-`; others
/// become `_`. At most 200 characters.
std::string document_label(std::string_view server, std::string_view tool);

/// Sets the labels of tools so that each is unique. Of tools whose labels would be equal, those
/// whose names had to be changed get a tail made from their names, so that a label depends on
/// neither the order nor the number of tools. A tool that its server lists twice is removed.
void set_labels(std::vector<Tool>& tools);

}  // namespace chatvim::tools
