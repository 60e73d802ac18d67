// SPDX-License-Identifier: Apache-2.0
#include "result_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "chatvim/json/cursor.hpp"
#include "chatvim/text/utf8.hpp"
#include "limits.hpp"
#include "message.hpp"

namespace chatvim::mcp {

namespace {

using json::JsonCursor;

constexpr std::size_t kMostName = 200;

/// Returns a member as a short line, or `otherwise`.
std::string short_member(std::string_view object, std::string_view name,
                         std::string_view otherwise = {}) {
  const auto text = string_member(object, name);
  return text && !text->empty() ? text::printable(*text, kMostName) : std::string(otherwise);
}

std::string not_shown(std::string_view what, std::string_view part) {
  const std::string type = short_member(part, "mimeType");
  return fmt::format("[{}{} that cannot be shown here]", what,
                     type.empty() ? "" : " (" + type + ")");
}

std::string link_text(std::string_view part) {
  const std::string address = string_member(part, "uri").value_or("");
  const std::string name = short_member(part, "title", short_member(part, "name", address));
  const std::string about = short_member(part, "description");
  return fmt::format("[{}]({}){}", name, address, about.empty() ? "" : ": " + about);
}

/// Returns the text of one part of the content.
std::string part_text(std::string_view part) {
  const std::string type = string_member(part, "type").value_or("");
  if (type == "text") return string_member(part, "text").value_or("");
  if (type == "resource_link") return link_text(part);
  if (type == "image") return not_shown("The tool returned a picture", part);
  if (type == "audio") return not_shown("The tool returned a sound", part);
  if (type == "resource") {
    const std::string_view resource = raw_member(part, "resource");
    if (auto text = string_member(resource, "text")) return *text;
    return not_shown("The tool returned data", resource);
  }
  return fmt::format("[The tool returned content of the type \"{}\" that cannot be shown here]",
                     text::printable(type, kMostName));
}

/// Appends at most `kMostResult` bytes in all and counts the rest.
void append(tools::Result& result, std::string_view text) {
  const std::size_t room = kMostResult - std::min(kMostResult, result.text.size());
  const std::size_t kept = std::min(room, text.size());
  result.text.append(text, 0, kept);
  result.left_out += text.size() - kept;
}

/// Appends the texts of all parts. Returns false if there are none.
bool append_content(tools::Result& result, std::string_view content) {
  bool any = false;
  JsonCursor cursor(content);
  cursor.elements([&] {
    const std::string_view part = cursor.raw();
    if (any) append(result, "\n\n");
    append(result, part_text(part));
    any = true;
  });
  return any;
}

std::string type_problem(const std::string& type) {
  if (type == "input_required") {
    return "The tool asks for more input in the middle of a call, which Chatvim does not support.";
  }
  return fmt::format("Chatvim does not know results of the type \"{}\", which the tool returned.",
                     text::printable(type, kMostName));
}

}  // namespace

tools::Result read_result(std::string_view raw) {
  tools::Result result;
  const std::string type = string_member(raw, "resultType").value_or("complete");
  if (type != "complete") return {type_problem(type), true};
  const std::string_view structured = raw_member(raw, "structuredContent");
  if (!append_content(result, raw_member(raw, "content")) && structured != "null") {
    append(result, text::replace_invalid_utf8(structured));
  }
  // A cut may have split a character.
  if (result.left_out > 0) result.text = text::replace_invalid_utf8(result.text);
  result.is_error = raw_member(raw, "isError") == "true";
  return result;
}

}  // namespace chatvim::mcp
