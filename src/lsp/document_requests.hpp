// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string_view>

#include "chatvim/json.hpp"
#include "features.hpp"

namespace chatvim::lsp {

/// Answers a request about an open document: its result from the scene and the parameters.
using DocumentRequest = std::function<Json(Scene& scene, const Json& params)>;

/// Returns the requests about a document, by their methods.
const std::map<std::string_view, DocumentRequest>& document_requests();

}  // namespace chatvim::lsp
