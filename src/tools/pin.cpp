// SPDX-License-Identifier: Apache-2.0
#include "chatvim/tools/pin.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

#include "chatvim/json.hpp"

namespace chatvim::tools {
namespace {

/// Appends a heading and a text below it. Every line of the text is indented, so that no text looks
/// like a heading.
void append_section(std::string& out, std::string_view heading, std::string_view text) {
  out.append(heading).append(":\n");
  for (;;) {
    const std::size_t end = text.find('\n');
    out.append("  ").append(text.substr(0, end)).append("\n");
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

/// Returns a schema on several lines; as it is if that could hide something, such as a repeated
/// key.
std::string on_lines(const std::string& schema) {
  const Json json = Json::parse(schema, nullptr, false);
  const auto dump = [&json](int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
  };
  return !json.is_discarded() && dump(-1) == schema ? dump(2) : schema;
}

}  // namespace

std::string pin_text(const Tool& tool) {
  std::string text;
  append_section(text, "name", tool.name);
  append_section(text, "description", tool.description);
  append_section(text, "schema", on_lines(tool.schema));
  return text;
}

}  // namespace chatvim::tools
