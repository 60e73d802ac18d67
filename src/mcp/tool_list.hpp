// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/tools/tool.hpp"
#include "param_headers.hpp"

namespace chatvim::mcp {

/// Collects the pages of `tools/list` within the limits on pages, tools and bytes.
class ToolList {
 public:
  /// `with_headers`: the transport is HTTP, so the tools' parameters that become headers are
  /// looked for, and a tool where they are wrong is left out.
  ToolList(std::string server, bool with_headers)
      : server_(std::move(server)), with_headers_(with_headers) {}

  /// Adds a page (the JSON of a result). Returns the cursor of the next one (which may be ""), or
  /// nothing at the end or at a limit.
  std::optional<std::string> add(std::string_view page);

  std::vector<tools::Tool>& tools() { return tools_; }
  /// The parameters that become headers, for tools that have any.
  std::map<std::string, std::vector<ParamHeader>>& headers() { return headers_; }
  /// What was left out and why, as lines for the log.
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  void add_tool(std::string_view json);

  std::string server_;
  bool with_headers_;
  std::vector<tools::Tool> tools_;
  std::map<std::string, std::vector<ParamHeader>> headers_;
  std::set<std::string> names_;
  std::vector<std::string> remarks_;
  int pages_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace chatvim::mcp
