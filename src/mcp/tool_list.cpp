// SPDX-License-Identifier: Apache-2.0
#include "tool_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "chatvim/json/cursor.hpp"
#include "chatvim/text/utf8.hpp"
#include "limits.hpp"
#include "message.hpp"

namespace chatvim::mcp {

namespace {

using json::JsonCursor;

constexpr std::size_t kMostNameBytes = 256;
constexpr std::size_t kMostRemarks = 20;
/// For tools that say nothing of their arguments.
constexpr std::string_view kNoArguments = R"({"type":"object","properties":{}})";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kHints{{
    {"readOnlyHint", "read-only"},
    {"destructiveHint", "destructive"},
    {"idempotentHint", "idempotent"},
    {"openWorldHint", "open-world"},
}};

std::vector<std::string> read_hints(std::string_view annotations) {
  std::vector<std::string> hints;
  for (const auto& [member, word] : kHints) {
    if (raw_member(annotations, member) == "true") hints.emplace_back(word);
  }
  return hints;
}

}  // namespace

std::optional<std::string> ToolList::add(std::string_view page) {
  bytes_ += page.size();
  if (bytes_ > kMostListBytes) {
    remarks_.push_back(fmt::format("the list of tools is cut at {} MiB", kMostListBytes >> 20));
    return std::nullopt;
  }
  bool full = false;
  JsonCursor cursor(raw_member(page, "tools"));
  cursor.elements([&] {
    const std::string_view tool = cursor.raw();
    full = full || tools_.size() == kMostTools;
    if (!full) add_tool(tool);
  });
  auto next = string_member(page, "nextCursor");
  if (full) {
    remarks_.push_back(fmt::format("the list of tools is cut at {} tools", kMostTools));
    return std::nullopt;
  }
  if (next && ++pages_ == kMostPages) {
    remarks_.push_back(fmt::format("the list of tools is cut at {} pages", kMostPages));
    return std::nullopt;
  }
  return next;
}

void ToolList::add_tool(std::string_view json) {
  tools::Tool tool;
  tool.server = server_;
  tool.name = string_member(json, "name").value_or("");
  const auto leave_out = [&](std::string_view why) {
    if (remarks_.size() < kMostRemarks) {
      remarks_.push_back(fmt::format("the tool \"{}\" is left out: {}",
                                     text::printable_name(tool.name, kMostNameBytes), why));
    }
  };
  if (tool.name.empty()) return leave_out("it has no name");
  if (tool.name.size() > kMostNameBytes) return leave_out("its name is too long");
  if (names_.count(tool.name) > 0) return leave_out("its name is used twice");
  const std::string_view schema = raw_member(json, "inputSchema");
  if (!schema.empty() && !schema.starts_with('{')) return leave_out("its schema is no object");
  if (with_headers_) {
    auto found = find_param_headers(schema);
    if (!found) return leave_out(found.error().message);
    if (!found->empty()) headers_[tool.name] = std::move(*found);
  }
  tool.schema = text::replace_invalid_utf8(schema.empty() ? kNoArguments : schema);
  tool.description = string_member(json, "description").value_or("");
  if (tool.description.empty()) tool.description = string_member(json, "title").value_or("");
  tool.hints = read_hints(raw_member(json, "annotations"));
  names_.insert(tool.name);
  tools_.push_back(std::move(tool));
}

}  // namespace chatvim::mcp
