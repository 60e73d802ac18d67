// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/place.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "chatvim/document/fence.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/text/lines.hpp"
#include "read_steps.hpp"
#include "sections.hpp"
#include "special_lines.hpp"

namespace chatvim::document {
namespace {

/// A document whose last message is from the assistant.
struct Answered {
  Lines lines;
  SpecialLines special;
  Section answer;
  std::vector<Section> below;  ///< the sections after it, all empty

  /// Returns the document's row of one of its lines.
  std::size_t row_of(const std::string_view& line) const {
    return static_cast<std::size_t>(&line - lines.data());
  }
  /// Returns the index of a line of the answer's text.
  std::size_t index_of(const std::string_view& line) const {
    return static_cast<std::size_t>(&line - answer.text.data());
  }
  /// Whether the line is the first of the answer's text.
  bool is_first(const std::string_view& line) const { return &line == answer.text.data(); }
  /// Whether the text begins with a reasoning block that is never closed.
  bool begins_like_reasoning() const {
    return text::trim_end(answer.text.front()) == kReasoningOpen;
  }
};

/// Whether a section is a message. Other answers alone are none.
bool is_message(const Section& section, const SpecialLines& special) {
  if (section.text.empty() || section.role != Role::kAssistant) return !section.text.empty();
  const ReadAnswer answer = read_answer(section.text, special);
  return !answer.has_blocks || !answer.parts.empty();
}

std::optional<Answered> read_answered(Lines lines, const Format& format) {
  const Lines body = lines.subspan(find_front_matter(lines).body_line);
  SpecialLines special(format, leading_marker(body));
  std::vector<Section> sections = read_sections(body, special);
  const auto last =
      std::find_if(sections.rbegin(), sections.rend(),
                   [&special](const Section& section) { return is_message(section, special); });
  if (last == sections.rend() || last->role != Role::kAssistant) {
    return std::nullopt;
  }
  return Answered{lines, std::move(special), *last, {last.base(), sections.end()}};
}

/// Makes the range end with the answer's last line.
void end_with_answer(Place& place, const Answered& found) {
  place.end_row = found.row_of(found.answer.text.back());
  place.end_column = found.answer.text.back().size();
  place.delimiter_below =
      std::any_of(found.below.begin(), found.below.end(),
                  [](const Section& section) { return section.role == Role::kUser; });
}

void end_with_document(Place& place, const Answered& found) {
  place.end_row = found.lines.size() - 1;
  place.end_column = found.lines.back().size();
}

/// Returns the lines that new text continues, of the lines of a text.
Lines kept_lines(const Answered& found, Lines text) {
  FenceScanner fences;
  bool open = false;  // before the last line
  for (const std::string_view& line : text) {
    open = !fences.closer().empty();
    const auto kinds = kinds_on(Role::kAssistant, found.is_first(line));
    fences.feed(text::without_returns(line.substr(found.special.slashes_to_remove(line, kinds))));
    fences.feed("\n");
  }
  const bool closes = open && fences.closer().empty();
  return without_blank_ends(closes ? text.first(text.size() - 1) : text);
}

/// Returns how many bytes of the kept text must be written again; `kept` are its lines.
std::size_t count_again(const Answered& found, const Place& place, Lines kept, bool is_unfinished) {
  // A block that is not closed is read as text, but a later line could close it unless it is
  // escaped.
  if (found.begins_like_reasoning() || is_unfinished) {
    return place.kept.size();
  }
  const std::string_view last = std::string_view(place.kept).substr(place.kept.rfind('\n') + 1);
  const auto kinds = kinds_on(Role::kAssistant, found.is_first(kept.back()));
  return found.special.is_open(last, kinds) ? last.size() : 0;
}

/// Returns the index of the first open call of the last step; the number of parts if none is open,
/// nothing if the answer does not end with a call.
std::optional<std::size_t> first_open(const std::vector<PlacedPart>& parts) {
  std::optional<std::size_t> step;
  std::size_t open = parts.size();
  for (std::size_t i = parts.size(); i-- > 0;) {
    const AnswerPart& part = parts[i].part;
    if (part.kind == AnswerPart::Kind::kText && !step) return std::nullopt;
    if (part.kind != AnswerPart::Kind::kCall) continue;
    if (step && part.call.step != *step) break;
    step = part.call.step;
    if (part.call.outcome == ToolCall::Outcome::kOpen) open = i;
  }
  return step ? std::optional(open) : std::nullopt;
}

/// Returns the index of the part whose text is continued; the number of parts if there is none.
std::size_t last_text_part(const std::vector<PlacedPart>& parts) {
  std::size_t i = parts.size();
  while (i > 0 && parts[i - 1].part.kind == AnswerPart::Kind::kState) --i;
  const bool is_text = i > 0 && parts[i - 1].part.kind == AnswerPart::Kind::kText;
  return is_text ? i - 1 : parts.size();
}

/// Returns the lines of that part; those of the whole answer if it has no blocks.
Lines text_of_part(const Answered& found, const ReadAnswer& answer, std::size_t part) {
  if (!answer.has_blocks) return found.answer.text;
  if (part == answer.parts.size()) return {};
  const PlacedPart& placed = answer.parts[part];
  return found.answer.text.subspan(placed.first, placed.end - placed.first);
}

/// Returns the text above a part that belongs to the same text of the message.
std::string text_above(const std::vector<PlacedPart>& parts, std::size_t part) {
  std::size_t first = part;
  while (first > 0 && parts[first - 1].part.kind == AnswerPart::Kind::kText) --first;
  std::string out;
  for (; first < part; ++first) out.append(parts[first].part.text).append("\n\n");
  return out;
}

/// Returns the lines of the other answers from an index of the answer's text on, with a blank line
/// between them.
std::string others_below(const Answered& found, const ReadAnswer& answer, std::size_t from) {
  std::string out;
  for (const OtherAnswer& other : answer.others) {
    if (other.line < from) continue;
    if (!out.empty()) out += "\n\n";
    for (std::size_t i = other.line; i < other.end; ++i) {
      out += text::without_returns(found.answer.text[i]);
      if (i + 1 < other.end) out += '\n';
    }
  }
  return out;
}

/// Returns the index of a block that has no end above an index of the answer's text, so that what
/// is added there could end it.
std::optional<std::size_t> unfinished_above(const Answered& found, std::size_t end) {
  return read_answer(found.answer.text.first(end), found.special).unfinished;
}

/// Makes the range end with the document, or above what follows the answer.
void end_below(Place& place, const Answered& found) {
  if (found.below.empty()) {
    end_with_document(place, found);
  } else {
    end_with_answer(place, found);
  }
}

/// Whether only white space and at most one user delimiter follow the answer.
bool is_plain_end(const Answered& found) {
  return found.below.empty() ||
         (found.below.size() == 1 && found.below.front().role == Role::kUser);
}

/// Returns the text after the answer's last line.
std::string text_below(const Answered& found) {
  std::string out;
  for (const std::string_view line :
       found.lines.subspan(found.row_of(found.answer.text.back()) + 1)) {
    out += '\n';
    out += line;
  }
  return out;
}

}  // namespace

std::optional<Place> find_continuation(std::span<const std::string_view> lines,
                                       const Format& format) {
  const auto found = read_answered(lines, format);
  if (!found) {
    return std::nullopt;
  }
  const ReadAnswer answer = read_answer(found->answer.text, found->special);
  const std::size_t part = last_text_part(answer.parts);
  const Lines text = text_of_part(*found, answer, part);
  const Lines kept = kept_lines(*found, text);
  if (kept.empty()) {
    return std::nullopt;
  }
  const std::size_t first = found->index_of(text.front());
  const auto unfinished = unfinished_above(*found, first + text.size());
  // What a later line could close cannot be escaped from below a block.
  if ((first > 0 && found->begins_like_reasoning()) || unfinished.value_or(first) < first) {
    return std::nullopt;
  }
  Place place;
  place.tail.marker = leading_marker(lines.subspan(find_front_matter(lines).body_line));
  place.kept =
      text::trim_end(join(kept, Role::kAssistant, found->special, found->is_first(kept.front())));
  place.above = text_above(answer.parts, std::min(part, answer.parts.size()));
  place.others = others_below(*found, answer, first);
  place.after_block = first > 0;
  place.again = count_again(*found, place, kept, unfinished.has_value());
  const bool again_all = place.again == place.kept.size() && place.again > 0;
  place.row = found->row_of(again_all ? kept.front() : kept.back());
  place.column = place.again > 0 ? 0 : text::trim_end(kept.back()).size();
  end_below(place, *found);
  return place;
}

std::optional<Place> find_resumption(std::span<const std::string_view> lines,
                                     const Format& format) {
  const auto found = read_answered(lines, format);
  if (!found) {
    return std::nullopt;
  }
  const Lines text = found->answer.text;
  ReadAnswer answer = read_answer(text, found->special);
  auto& parts = answer.parts;
  const auto open = first_open(parts);
  if (!open) {
    return std::nullopt;
  }
  const bool has_open = *open < parts.size();
  const std::size_t begin = has_open ? parts[*open].first : parts.back().end;
  // What a later line could close cannot be escaped from here.
  if (unfinished_above(*found, begin)) {
    return std::nullopt;
  }
  Place place;
  place.tail.marker = leading_marker(lines.subspan(find_front_matter(lines).body_line));
  place.others = others_below(*found, answer, begin);
  if (has_open) {
    place.row = found->row_of(text[begin]);
    place.again_parts =
        message_parts({std::make_move_iterator(parts.begin() + static_cast<std::ptrdiff_t>(*open)),
                       std::make_move_iterator(parts.end())});
  } else {
    place.row = found->row_of(text[begin - 1]);
    place.column = text::trim_end(text[begin - 1]).size();
    place.after_block = true;
  }
  end_below(place, *found);
  return place;
}

std::optional<Place> find_retry(std::span<const std::string_view> lines, const Format& format) {
  const auto found = read_answered(lines, format);
  if (!found) {
    return std::nullopt;
  }
  Place place;
  place.row = found->row_of(without_blank_ends(found->answer.all).front());
  place.tail = read_tail(lines.first(place.row), format);
  place.tail.white_space += '\n';
  if (is_plain_end(*found) && text_below(*found) != write_user_delimiter(format)) {
    end_with_document(place, *found);
  } else {
    end_with_answer(place, *found);
  }
  return place;
}

}  // namespace chatvim::document
