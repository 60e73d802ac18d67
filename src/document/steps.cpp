// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "chatvim/document/clean_text.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::document {

namespace {

constexpr std::string_view kCallOpen = "<details><summary>Step ";
constexpr std::string_view kCallOpenEnd = "</summary>";
constexpr std::string_view kStateOpen = "<!-- chatvim:state ";
constexpr std::string_view kStateClose = "-->";
/// More steps than any answer may have; a longer number is no number.
constexpr std::size_t kMostDigits = 6;
constexpr std::size_t kMostName = 200;
constexpr std::size_t kMostId = 500;
constexpr std::size_t kShortestFence = 3;
constexpr std::size_t kStateColumns = 100;
constexpr std::array kOutcomes = {ToolCall::Outcome::kResult, ToolCall::Outcome::kError,
                                  ToolCall::Outcome::kRefused, ToolCall::Outcome::kCut};

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kMostName &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
         });
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= kMostId && std::all_of(id.begin(), id.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '`' && c != '\x7F';
  });
}

/// Reads lines one after the other; a failed step leaves it where it was.
class LineReader {
 public:
  LineReader(Lines lines, std::size_t at) : lines_(lines), at_(at) {}

  std::optional<std::string_view> next() {
    if (at_ == lines_.size()) return std::nullopt;
    return text::trim_end(lines_[at_++]);
  }
  bool take_blank() {
    const auto line = next();
    return line && line->empty();
  }
  bool take(std::string_view wanted) {
    const auto line = next();
    return line && *line == wanted;
  }
  /// Returns the lines up to one that equals `end`, which is passed over.
  std::optional<Lines> take_until(std::string_view end) {
    const std::size_t first = at_;
    while (const auto line = next()) {
      if (*line == end) return lines_.subspan(first, at_ - 1 - first);
    }
    return std::nullopt;
  }
  std::size_t at() const { return at_; }

 private:
  Lines lines_;
  std::size_t at_;
};

/// A fenced block: the two words of its info string, and its lines.
struct Fenced {
  std::string_view kind;
  std::string_view word;
  Lines lines;
};

std::optional<Fenced> read_fenced(LineReader& reader) {
  const auto open = reader.next();
  if (!open) return std::nullopt;
  const std::size_t run = std::min(open->find_first_not_of('`'), open->size());
  if (run < kShortestFence) return std::nullopt;
  const std::string_view info = open->substr(run);
  const std::size_t space = info.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  Fenced fenced{info.substr(0, space), info.substr(space + 1), {}};
  const auto lines = reader.take_until(open->substr(0, run));
  if (!lines) return std::nullopt;
  fenced.lines = *lines;
  return fenced;
}

/// Joins the lines of a fenced block, in which only delimiters are escaped.
std::string unescaped(Lines lines, const SpecialLines& special) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += '\n';
    out += text::without_returns(
        lines[i].substr(special.slashes_to_remove(lines[i], SpecialLines::kEverywhere)));
  }
  return out;
}

std::optional<ToolCall> read_opening(std::string_view line) {
  line = text::trim_end(line);
  if (!line.starts_with(kCallOpen) || !line.ends_with(kCallOpenEnd)) return std::nullopt;
  line.remove_prefix(kCallOpen.size());
  line.remove_suffix(kCallOpenEnd.size());
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  if (digits == 0 || digits > kMostDigits || line.front() == '0') return std::nullopt;
  ToolCall call;
  call.step = 0;
  for (const char digit : line.substr(0, digits)) {
    call.step = call.step * 10 + static_cast<std::size_t>(digit - '0');
  }
  line.remove_prefix(digits);
  if (!line.starts_with(": ") || !is_name(line.substr(2))) return std::nullopt;
  call.tool = line.substr(2);
  return call;
}

/// Reads the fenced result of a call, if the next line is not the block's end.
bool read_result(LineReader& reader, ToolCall& call, const SpecialLines& special) {
  LineReader ahead = reader;
  if (ahead.take(kReasoningClose)) {
    reader = ahead;
    return true;
  }
  const auto result = read_fenced(reader);
  if (!result || result->kind != "text") return false;
  const auto* const outcome =
      std::find_if(kOutcomes.begin(), kOutcomes.end(),
                   [&](ToolCall::Outcome one) { return name_of(one) == result->word; });
  if (outcome == kOutcomes.end()) return false;
  call.outcome = *outcome;
  call.result = unescaped(result->lines, special);
  return reader.take_blank() && reader.take(kReasoningClose);
}

std::optional<ToolCall> read_call(LineReader& reader, const SpecialLines& special) {
  const std::size_t line = reader.at();
  const auto opening = reader.next();
  auto call = opening ? read_opening(*opening) : std::nullopt;
  if (!call || !reader.take_blank()) return std::nullopt;
  const auto arguments = read_fenced(reader);
  if (!arguments || !is_id(arguments->word)) return std::nullopt;
  if (arguments->kind != "json" && arguments->kind != "text") return std::nullopt;
  call->line = line;
  call->id = arguments->word;
  call->is_json = arguments->kind == "json";
  call->arguments = unescaped(arguments->lines, special);
  if (!reader.take_blank() || !read_result(reader, *call, special)) return std::nullopt;
  return call;
}

std::optional<AnswerPart> read_state(LineReader& reader) {
  const auto opening = reader.next();
  if (!opening || !opening->starts_with(kStateOpen)) return std::nullopt;
  const std::string_view model = opening->substr(kStateOpen.size());
  if (!is_id(model)) return std::nullopt;
  const auto lines = reader.take_until(kStateClose);
  if (!lines) return std::nullopt;
  AnswerPart part{AnswerPart::Kind::kState, "", {}, std::string(model)};
  for (const std::string_view line : *lines) part.text += text::trim(line);
  return part;
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

void write_fenced(std::string& out, std::string_view info, std::string_view text,
                  const SpecialLines& special) {
  TextCleaner cleaner;
  std::string clean = cleaner.feed(text);
  clean += cleaner.finish();
  std::string_view content = clean;
  std::string fence(std::max(kShortestFence, longest_run(content) + 1), '`');
  // A delimiter of the user's may look like a fence.
  while (special.delimiter(fence) || special.delimiter(fence + std::string(info))) fence += '`';
  out.append(fence).append(info).push_back('\n');
  while (!content.empty()) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = content.substr(0, end);
    out.append(special.slashes_to_add(line, SpecialLines::kEverywhere), '\\');
    out.append(line).push_back('\n');
    if (end == content.size()) break;
    content.remove_prefix(end + 1);
    if (content.empty()) out.push_back('\n');  // the text ends with a line break
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

std::vector<AnswerPart> read_answer(Lines text, const SpecialLines& special) {
  std::vector<AnswerPart> parts;
  bool any = false;
  std::size_t begun = 0;
  const auto add_text = [&](std::size_t end) {
    const Lines lines = without_blank_ends(text.subspan(begun, end - begun));
    if (lines.empty()) return;
    // A reasoning block can only stand at an answer's start, which only its first line is.
    const bool is_first = lines.data() == text.data();
    parts.push_back({AnswerPart::Kind::kText, join(lines, Role::kAssistant, special, is_first)});
  };
  for (std::size_t i = 0; i < text.size();) {
    const bool may_be_call = text[i].starts_with(kCallOpen);
    const bool may_be_state = text[i].starts_with(kStateOpen);
    LineReader reader(text, i);
    std::optional<AnswerPart> part;
    if (may_be_call) {
      if (auto call = read_call(reader, special)) {
        part = AnswerPart{AnswerPart::Kind::kCall, "", std::move(*call), ""};
      }
    } else if (may_be_state) {
      part = read_state(reader);
    }
    if (!part) {
      ++i;
      continue;
    }
    any = true;
    add_text(i);
    parts.push_back(std::move(*part));
    i = begun = reader.at();
  }
  if (!any) return {};
  add_text(text.size());
  return parts;
}

std::string text_of(const std::vector<AnswerPart>& parts) {
  std::string out;
  for (const AnswerPart& part : parts) {
    if (part.kind != AnswerPart::Kind::kText) continue;
    if (!out.empty()) out += "\n\n";
    out += part.text;
  }
  return out;
}

std::string write_call(const ToolCall& call, const SpecialLines& special) {
  std::string out(kCallOpen);
  out.append(std::to_string(call.step)).append(": ").append(call.tool).append(kCallOpenEnd);
  out += "\n\n";
  write_fenced(out, (call.is_json ? "json " : "text ") + call.id, call.arguments, special);
  if (call.outcome != ToolCall::Outcome::kOpen) {
    write_fenced(out, "text " + std::string(name_of(call.outcome)), call.result, special);
  }
  return out.append(kReasoningClose);
}

std::string write_state(std::string_view model, std::string_view base64) {
  std::string out(kStateOpen);
  out.append(model);
  for (; !base64.empty(); base64.remove_prefix(std::min(kStateColumns, base64.size()))) {
    out.append("\n").append(base64.substr(0, kStateColumns));
  }
  return out.append("\n").append(kStateClose);
}

}  // namespace chatvim::document
