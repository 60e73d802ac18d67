// SPDX-License-Identifier: Apache-2.0
#include "read_steps.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "other_answers.hpp"
#include "steps.hpp"

namespace chatvim::document {

namespace {

/// A longer number is no step.
constexpr std::size_t kMostDigits = 6;
constexpr std::array kOutcomes = {ToolCall::Outcome::kResult, ToolCall::Outcome::kError,
                                  ToolCall::Outcome::kRefused, ToolCall::Outcome::kCut};

/// The lines that can end a fence or a state. They are looked up here, because a search from every
/// line that opens something would take quadratic time if none is closed.
class BlockEnds {
 public:
  explicit BlockEnds(Lines lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].starts_with("```")) {
        const std::string_view line = text::trim_end(lines[i]);
        const bool is_fence = line.find_first_not_of('`') == std::string_view::npos;
        if (is_fence) fences_[line.size()].push_back(i);
      } else if (lines[i].starts_with(kStateClose) && text::trim_end(lines[i]) == kStateClose) {
        states_.push_back(i);
      }
    }
  }

  /// Returns the first line from `from` on that closes a fence of this length.
  std::optional<std::size_t> fence(std::size_t length, std::size_t from) const {
    const auto found = fences_.find(length);
    return found == fences_.end() ? std::nullopt : first(found->second, from);
  }
  /// Returns the first line from `from` on that closes a state.
  std::optional<std::size_t> state(std::size_t from) const { return first(states_, from); }

 private:
  static std::optional<std::size_t> first(const std::vector<std::size_t>& rows, std::size_t from) {
    const auto found = std::lower_bound(rows.begin(), rows.end(), from);
    return found == rows.end() ? std::nullopt : std::optional(*found);
  }

  std::map<std::size_t, std::vector<std::size_t>> fences_;  // by length
  std::vector<std::size_t> states_;
};

/// A fenced block: the two words of its info string, and its lines.
struct Fenced {
  std::string_view kind;
  std::string_view word;
  Lines lines;
};

/// The opening line of a call.
struct Opening {
  std::size_t step = 0;
  std::string_view tool;
};

std::optional<Opening> read_opening(std::string_view line) {
  line = text::trim_end(line);
  if (!line.starts_with(kCallOpen) || !line.ends_with(kCallOpenEnd)) return std::nullopt;
  line.remove_prefix(kCallOpen.size());
  line.remove_suffix(kCallOpenEnd.size());
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  if (digits == 0 || digits > kMostDigits || line.front() == '0') return std::nullopt;
  Opening opening;
  for (const char digit : line.substr(0, digits)) {
    opening.step = opening.step * 10 + static_cast<std::size_t>(digit - '0');
  }
  line.remove_prefix(digits);
  if (!line.starts_with(": ") || !is_tool_name(line.substr(2))) return std::nullopt;
  opening.tool = line.substr(2);
  return opening;
}

bool is_base64(std::string_view line) {
  return !line.empty() && std::all_of(line.begin(), line.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '-' || c == '_' || c == '=';
  });
}

/// Reads a call or a state that begins at a line. Text is copied only when the block is whole.
class BlockReader {
 public:
  BlockReader(Lines lines, const SpecialLines& special, const BlockEnds& ends, std::size_t at)
      : lines_(lines), special_(special), ends_(ends), at_(at) {}

  std::optional<AnswerPart> call();
  std::optional<AnswerPart> state();
  std::optional<OtherAnswer> other();
  /// Returns the index of the line after the block.
  std::size_t at() const { return at_; }
  /// Whether a block that was not read could be one if more lines, or more of the last, followed.
  bool is_unfinished() const { return at_ >= lines_.size(); }

 private:
  bool take(std::string_view wanted) {
    return at_ < lines_.size() && text::trim_end(lines_[at_++]) == wanted;
  }
  std::optional<Fenced> fenced();
  bool read_inside(Lines lines, OtherAnswer& found) const;
  std::string_view unescaped(std::string_view line,
                             SpecialLines::Kinds kinds = SpecialLines::kEverywhere) const {
    return line.substr(special_.slashes_to_remove(line, kinds));
  }
  std::string joined(Lines lines, SpecialLines::Kinds kinds = SpecialLines::kEverywhere) const;

  Lines lines_;
  const SpecialLines& special_;
  const BlockEnds& ends_;
  std::size_t at_;
};

std::optional<Fenced> BlockReader::fenced() {
  if (at_ == lines_.size()) return std::nullopt;
  const std::string_view open = text::trim_end(lines_[at_++]);
  const std::size_t run = std::min(open.find_first_not_of('`'), open.size());
  if (run < kShortestFence) return std::nullopt;
  const std::string_view info = open.substr(run);
  const std::size_t space = info.find(' ');
  const auto end = ends_.fence(run, at_);
  if (space == std::string_view::npos) return std::nullopt;
  if (!end) {
    at_ = lines_.size();
    return std::nullopt;
  }
  const Lines lines = lines_.subspan(at_, *end - at_);
  at_ = *end + 1;
  return Fenced{info.substr(0, space), info.substr(space + 1), lines};
}

std::string BlockReader::joined(Lines lines, SpecialLines::Kinds kinds) const {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += '\n';
    out += text::without_returns(unescaped(lines[i], kinds));
  }
  return out;
}

/// Returns the outcome that a word names.
std::optional<ToolCall::Outcome> outcome_of(std::string_view word) {
  const auto* const found = std::find_if(kOutcomes.begin(), kOutcomes.end(),
                                         [&](auto one) { return name_of(one) == word; });
  return found == kOutcomes.end() ? std::nullopt : std::optional(*found);
}

std::optional<AnswerPart> BlockReader::call() {
  const auto opening = read_opening(lines_[at_]);
  const std::size_t line = at_++;
  if (!opening || !take("")) return std::nullopt;
  const auto arguments = fenced();
  if (!arguments || !is_id(arguments->word)) return std::nullopt;
  const bool is_json = arguments->kind == "json";
  if ((!is_json && arguments->kind != "text") || !take("")) return std::nullopt;
  AnswerPart part{AnswerPart::Kind::kCall, {}, {}, {}};
  std::optional<Fenced> result;
  if (at_ < lines_.size() && text::trim_end(lines_[at_]) != kCallClose) {
    result = fenced();
    if (!result || result->kind != "text" || !take("")) return std::nullopt;
    const auto outcome = outcome_of(result->word);
    if (!outcome) return std::nullopt;
    part.call.outcome = *outcome;
  } else if (!is_json && outcome_of(arguments->word)) {
    return std::nullopt;  // a result whose arguments were deleted
  }
  if (!take(kCallClose)) return std::nullopt;
  part.call.step = opening->step;
  part.call.tool = opening->tool;
  part.call.id = arguments->word;
  part.call.arguments = joined(arguments->lines);
  part.call.is_json = is_json;
  if (result) part.call.result = joined(result->lines);
  part.call.line = line;
  return part;
}

std::optional<AnswerPart> BlockReader::state() {
  const std::string_view opening = text::trim_end(lines_[at_]);
  if (!opening.starts_with(kStateOpen)) return std::nullopt;
  const std::string_view model = opening.substr(kStateOpen.size());
  ++at_;
  if (!is_id(model)) return std::nullopt;
  const auto end = ends_.state(at_);
  const Lines lines = lines_.subspan(at_, end.value_or(lines_.size()) - at_);
  const auto bare = [this](std::string_view line) { return text::trim_end(unescaped(line)); };
  const auto other = std::find_if(lines.begin(), lines.end(),
                                  [&](std::string_view line) { return !is_base64(bare(line)); });
  if (other != lines.end() || !end) {
    at_ += static_cast<std::size_t>(other - lines.begin()) + (other != lines.end() ? 1 : 0);
    return std::nullopt;
  }
  AnswerPart part{AnswerPart::Kind::kState, {}, {}, std::string(model)};
  for (const std::string_view line : lines) part.text += bare(line);
  at_ = *end + 1;
  return part;
}

/// Whether a line inside another answer shows that this has no end: its text has none that begins
/// like a block, because those are escaped.
bool interrupts_other(std::string_view line) {
  const BlockKind block = block_on(line);
  return block != BlockKind::kNone && block != BlockKind::kProvenance;
}

bool closes_block(std::string_view line) {
  return line.starts_with(kCallClose) && text::trim_end(line) == kCallClose;
}

/// Each search ends at the next line that begins like a block, so that all of them together are
/// linear.
std::optional<OtherAnswer> BlockReader::other() {
  OtherAnswer found;
  found.line = at_;
  const bool opens = opens_other(lines_[at_++]);
  if (!opens || !take("")) return std::nullopt;
  const std::size_t first = at_;
  while (at_ < lines_.size() && !interrupts_other(lines_[at_]) && !closes_block(lines_[at_])) ++at_;
  if (at_ == lines_.size() || !closes_block(lines_[at_])) return std::nullopt;
  const bool has_provenance = read_inside(lines_.subspan(first, at_ - first), found);
  found.end = ++at_;
  return has_provenance ? std::optional(std::move(found)) : std::nullopt;
}

/// Reads the lines inside another answer; false if none of them is a provenance. The last one
/// counts.
bool BlockReader::read_inside(Lines lines, OtherAnswer& found) const {
  bool has_provenance = false;
  std::size_t begun = 0;  // the first line after the last provenance
  const auto add_text = [&](std::size_t end) {
    const Lines text = without_blank_ends(lines.subspan(begun, end - begun));
    if (!found.text.empty() && !text.empty()) found.text += "\n\n";
    found.text += joined(text, kInOther);
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto provenance = read_provenance(lines[i]);
    if (!provenance) continue;
    add_text(i);
    begun = i + 1;
    found.provenance = std::move(*provenance);
    has_provenance = true;
  }
  add_text(lines.size());
  return has_provenance;
}

/// Reads an answer line by line.
class AnswerReader {
 public:
  AnswerReader(Lines text, const SpecialLines& special) : text_(text), special_(special) {}

  ReadAnswer run() {
    for (std::size_t i = 0; i < text_.size();) i = take_line(i);
    if (answer_.has_blocks) add_text(text_.size());
    return std::move(answer_);
  }

 private:
  /// Reads a line, or the block that it opens, and returns the index of the line after that.
  std::size_t take_line(std::size_t i) {
    const BlockKind block = block_on(text_[i]);
    if (block == BlockKind::kNone) return i + 1;
    if (block == BlockKind::kProvenance) return take_provenance(i);
    if (!ends_) ends_.emplace(text_);
    BlockReader reader(text_, special_, *ends_, i);
    if (block == BlockKind::kOther) return take_other(reader, i);
    auto part = block == BlockKind::kCall ? reader.call() : reader.state();
    if (!part) return take_broken(i, reader.is_unfinished());
    add_text(i);
    answer_.parts.push_back({std::move(*part), i, reader.at()});
    return end_block(reader.at());
  }

  std::size_t take_provenance(std::size_t i) {
    auto provenance = read_provenance(text_[i]);
    if (!provenance) return take_broken(i, i + 1 == text_.size());
    add_text(i);
    answer_.provenance = std::move(*provenance);
    answer_.provenance_line = i;
    return end_block(i + 1);
  }

  std::size_t take_other(BlockReader& reader, std::size_t i) {
    auto other = reader.other();
    if (!other) return take_broken(i, reader.is_unfinished());
    add_text(i);
    answer_.others.push_back(std::move(*other));
    return end_block(reader.at());
  }

  std::size_t take_broken(std::size_t i, bool is_unfinished) {
    const BlockKind block = block_on(text_[i]);
    const bool is_step = block == BlockKind::kCall || block == BlockKind::kState;
    if (is_step || names_model(text_[i])) answer_.broken.push_back(i);
    if (is_unfinished && !answer_.unfinished) answer_.unfinished = i;
    return i + 1;
  }

  std::size_t end_block(std::size_t end) {
    answer_.has_blocks = true;
    return begun_ = end;
  }

  /// Adds the text up to a line, if there is any.
  void add_text(std::size_t end) {
    const Lines lines = without_blank_ends(text_.subspan(begun_, end - begun_));
    if (lines.empty()) return;
    const auto first = static_cast<std::size_t>(lines.data() - text_.data());
    AnswerPart part{AnswerPart::Kind::kText, {}, {}, {}};
    // A reasoning block can only stand at an answer's start, which only its first line is.
    part.text = join(lines, Role::kAssistant, special_, first == 0);
    answer_.parts.push_back({std::move(part), first, first + lines.size()});
  }

  Lines text_;
  const SpecialLines& special_;
  std::optional<BlockEnds> ends_;
  ReadAnswer answer_;
  std::size_t begun_ = 0;  // the first line after the last block
};

}  // namespace

ReadAnswer read_answer(Lines text, const SpecialLines& special) {
  return AnswerReader(text, special).run();
}

std::vector<AnswerPart> message_parts(std::vector<PlacedPart> placed) {
  std::vector<AnswerPart> parts;
  for (PlacedPart& one : placed) {
    one.part.line = one.first;
    one.part.end = one.end;
    const bool is_text = one.part.kind == AnswerPart::Kind::kText;
    if (is_text && !parts.empty() && parts.back().kind == AnswerPart::Kind::kText) {
      parts.back().text.append("\n\n").append(one.part.text);
      parts.back().end = one.end;
    } else {
      parts.push_back(std::move(one.part));
    }
  }
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

}  // namespace chatvim::document
