// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/place.hpp"

#include <algorithm>
#include <vector>

#include "chatvim/document/fence.hpp"
#include "chatvim/document/reader.hpp"
#include "chatvim/text/lines.hpp"
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
};

std::optional<Answered> read_answered(Lines lines, const Format& format) {
  const Lines body = lines.subspan(find_front_matter(lines).body_line);
  SpecialLines special(format, leading_marker(body));
  std::vector<Section> sections = read_sections(body, special);
  const auto last = std::find_if(sections.rbegin(), sections.rend(),
                                 [](const Section& section) { return !section.text.empty(); });
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

/// Returns the lines of an answer's text that the new text continues.
Lines kept_lines(const Answered& found) {
  const Lines text = found.answer.text;
  FenceScanner fences;
  bool open = false;  // before the last line
  for (std::size_t i = 0; i < text.size(); ++i) {
    open = !fences.closer().empty();
    const auto kinds = kinds_on(Role::kAssistant, i == 0);
    fences.feed(
        text::without_returns(text[i].substr(found.special.slashes_to_remove(text[i], kinds))));
    fences.feed("\n");
  }
  const bool closes = open && fences.closer().empty();
  return without_blank_ends(closes ? text.first(text.size() - 1) : text);
}

/// Returns how many bytes of the kept text must be written again, given its last line.
std::size_t count_again(const Answered& found, const Place& place, std::string_view last,
                        bool is_first) {
  // An unclosed reasoning block is read as text, but a later line could close it unless it is
  // escaped.
  if (text::trim_end(found.answer.text.front()) == kReasoningOpen) {
    return place.kept.size();
  }
  return found.special.is_open(last, kinds_on(Role::kAssistant, is_first)) ? last.size() : 0;
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
  const Lines kept = kept_lines(*found);
  Place place;
  place.tail.marker = leading_marker(lines.subspan(find_front_matter(lines).body_line));
  place.kept = text::trim_end(join(kept, Role::kAssistant, found->special));
  const std::size_t last_break = place.kept.rfind('\n');
  const std::string_view last = std::string_view(place.kept).substr(last_break + 1);
  place.again = count_again(*found, place, last, kept.size() == 1);
  place.row = found->row_of(place.again > last.size() ? kept.front() : kept.back());
  place.column = place.again > 0 ? 0 : text::trim_end(kept.back()).size();
  if (found->below.empty()) {
    end_with_document(place, *found);
  } else {
    end_with_answer(place, *found);
  }
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
