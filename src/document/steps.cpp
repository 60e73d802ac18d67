// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

#include <algorithm>

#include "chatvim/document/clean_text.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::document {

namespace {

constexpr std::size_t kMostName = 200;
constexpr std::size_t kMostId = 500;
constexpr std::size_t kStateColumns = 100;

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

bool is_id_byte(char c) { return static_cast<unsigned char>(c) > ' ' && c != '`' && c != '\x7F'; }

/// Returns `text` with `_` for every byte that may not stand there, and cut to `most` bytes.
std::string replaced(std::string_view text, bool (*may_stand)(char), std::size_t most) {
  std::string out(text.substr(0, most));
  std::replace_if(
      out.begin(), out.end(), [&](char c) { return !may_stand(c); }, '_');
  return out.empty() ? "_" : out;
}

std::string writable_id(std::string_view id) {
  if (is_id(id) && !text::find_invalid_utf8(id)) return std::string(id);
  return replaced(
      id, [](char c) { return is_id_byte(c) && static_cast<unsigned char>(c) < 0x80; }, kMostId);
}

/// Returns the longest run of backticks in a text.
std::size_t longest_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// Appends a line of a block, in which only delimiters are escaped.
void write_line(std::string& out, std::string_view line, const SpecialLines& special) {
  out.append(special.slashes_to_add(line, SpecialLines::kEverywhere), '\\');
  out.append(line).push_back('\n');
}

void write_fenced(std::string& out, std::string_view info, std::string_view text,
                  const SpecialLines& special) {
  TextCleaner cleaner;
  std::string clean = cleaner.feed(text);
  clean += cleaner.finish();
  std::string fence(std::max(kShortestFence, longest_run(clean) + 1), '`');
  // A delimiter of the user's may look like a fence.
  while (special.delimiter(fence) || special.delimiter(fence + std::string(info))) fence += '`';
  out.append(fence).append(info).push_back('\n');
  for (std::string_view rest = clean; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    write_line(out, rest.substr(0, end), special);
    if (end == rest.size()) break;
    rest.remove_prefix(end + 1);
    if (rest.empty()) out.push_back('\n');  // the text ends with a line break
  }
  out.append(fence).append("\n\n");
}

}  // namespace

std::string_view name_of(ToolCall::Outcome outcome) {
  switch (outcome) {
    case ToolCall::Outcome::kOpen:
      break;
    case ToolCall::Outcome::kResult:
      return "result";
    case ToolCall::Outcome::kError:
      return "error";
    case ToolCall::Outcome::kRefused:
      return "refused";
    case ToolCall::Outcome::kCut:
      return "cut";
  }
  return {};
}

bool is_tool_name(std::string_view text) {
  return !text.empty() && text.size() <= kMostName &&
         std::all_of(text.begin(), text.end(), is_name_byte);
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kMostId &&
         std::all_of(text.begin(), text.end(), is_id_byte);
}

std::string write_call(const ToolCall& call, const SpecialLines& special) {
  const std::size_t step = std::clamp<std::size_t>(call.step, 1, kMostSteps);
  std::string out(kCallOpen);
  out.append(std::to_string(step)).append(": ");
  out.append(replaced(call.tool, is_name_byte, kMostName)).append(kCallOpenEnd).append("\n\n");
  const std::string info = (call.is_json ? "json " : "text ") + writable_id(call.id);
  write_fenced(out, info, call.arguments, special);
  if (call.outcome != ToolCall::Outcome::kOpen) {
    write_fenced(out, "text " + std::string(name_of(call.outcome)), call.result, special);
  }
  return out.append(kCallClose);
}

std::string write_state(std::string_view model, std::string_view base64,
                        const SpecialLines& special) {
  std::string out(kStateOpen);
  out.append(writable_id(model)).push_back('\n');
  for (; !base64.empty(); base64.remove_prefix(std::min(kStateColumns, base64.size()))) {
    write_line(out, base64.substr(0, kStateColumns), special);
  }
  return out.append(kStateClose);
}

}  // namespace chatvim::document
