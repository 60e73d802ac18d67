// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "standin.hpp"

namespace chatvim::testing {

/// A call as a model makes it.
struct Called {
  std::string id;
  std::string name;       ///< on the wire, such as "files__read"
  std::string arguments;  ///< JSON
};

/// Returns a reply of Chat Completions that calls tools, after a text if there is one.
Json calls(const std::vector<Called>& all, const std::string& text = "",
           const std::string& finish = "tool_calls");

/// Returns the messages of a recorded request.
Json messages_of(const Json& request);

}  // namespace chatvim::testing
