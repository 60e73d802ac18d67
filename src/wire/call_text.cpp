// SPDX-License-Identifier: Apache-2.0
#include "call_text.hpp"

#include "chatvim/json/cursor.hpp"
#include "chatvim/json/text.hpp"
#include "trimmed.hpp"

namespace chatvim::wire {
namespace {

using Outcome = document::ToolCall::Outcome;

/// Some servers reject an empty result.
constexpr std::string_view kNoOutput = "(no output)";

/// Returns a sentence, followed by a text if there is one.
std::string with(std::string_view sentence, std::string_view joint, const std::string& text) {
  std::string out(sentence);
  if (!trimmed(text).empty()) out.append(joint).append(text);
  return out;
}

/// Returns what the model is told about a call that failed.
std::string failure_of(const Call& call) {
  const std::string& text = call.recorded->result;
  switch (call.recorded->outcome) {
    case Outcome::kRefused:
      return with("The user refused this call.", " Reason: ", text);
    case Outcome::kCut:
      return with("This call was stopped before it ended.", " Its output until then:\n", text);
    case Outcome::kOpen:
      return call.has_object ? "The user did not run this call."
                             : "This call was not run: its arguments were cut off or are not a "
                               "JSON object.";
    case Outcome::kError:
    case Outcome::kResult:
      break;
  }
  return trimmed(text).empty() ? "The tool failed." : text;
}

}  // namespace

bool has_object(const document::ToolCall& call) {
  if (trimmed(call.arguments).empty()) return true;
  if (!call.is_json) return false;
  json::JsonCursor json(call.arguments);
  if (json.kind() != json::JsonCursor::Kind::kObject) return false;
  json.skip();
  return json.complete();
}

std::string arguments_of(const Call& call) {
  const std::string& text = call.recorded->arguments;
  if (trimmed(text).empty()) return "{}";
  if (call.has_object) return text;
  std::string out = R"({"malformed":)";
  json::append_json_string(out, text);
  return out.append("}");
}

bool is_error(const Call& call) { return call.recorded->outcome != Outcome::kResult; }

void append_result(std::string& out, const Call& call, bool says_error) {
  if (is_error(call)) {
    return json::append_json_string(out, (says_error ? "Error: " : "") + failure_of(call));
  }
  const std::string& text = call.recorded->result;
  json::append_json_string(out, trimmed(text).empty() ? kNoOutput : std::string_view(text));
}

}  // namespace chatvim::wire
