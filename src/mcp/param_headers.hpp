// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/error.hpp"

// Parameters of a tool that are sent as headers too (MCP 2026-07-28, "Custom Headers from Tool
// Parameters"): a property of the schema with "x-mcp-header": "Region" becomes
// `Mcp-Param-Region: VALUE`.
namespace chatvim::mcp {

/// One such parameter: the names of the properties that lead to it, and the header's name.
struct ParamHeader {
  std::vector<std::string> path;
  std::string header;
};

/// Finds them in a tool's schema. An annotation that breaks the rules is an error: such a tool must
/// not be offered. The message is a clause.
Result<std::vector<ParamHeader>> find_param_headers(std::string_view schema);

/// Returns the headers for a call with these arguments (a JSON object), names and encoded values.
std::vector<std::pair<std::string, std::string>> make_param_headers(
    const std::vector<ParamHeader>& params, std::string_view arguments);

/// Returns a value as it stands in a header: unchanged if it is printable ASCII, otherwise in
/// base64 between `=?base64?` and `?=`.
std::string encode_header_value(std::string_view value);

}  // namespace chatvim::mcp
