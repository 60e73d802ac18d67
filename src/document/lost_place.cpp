// SPDX-License-Identifier: Apache-2.0
#include "lost_place.hpp"

#include <algorithm>
#include <tuple>

#include "chatvim/document/reader.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::document {
namespace {

/// Lines of people are shorter.
constexpr std::size_t kLongLine = 4096;

std::size_t common_prefix(std::string_view left, std::string_view right) {
  const auto end = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  return static_cast<std::size_t>(end.first - left.begin());
}

/// Bytes of front matter with the line break behind it.
std::size_t front_matter_size(std::string_view text) {
  const auto lines = text::split_buffer(text);
  const std::size_t count = find_front_matter(lines).body_line;
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) {
    size += lines[i].size() + 1;
  }
  return std::min(size, text.size());
}

/// White space, the assistant's delimiter and white space at the start of an answer's text.
std::size_t header_size(std::string_view text, const Format& format) {
  const std::size_t start = std::min(text.find_first_not_of(kBlank), text.size());
  const std::string_view line = first_line(text.substr(start));
  if (delimiter_role(line, format) != Role::kAssistant) {
    return 0;
  }
  return std::min(text.find_first_not_of(kBlank, start + line.size()), text.size());
}

/// Looks at all places that the answer may have.
class PlaceFinder {
 public:
  PlaceFinder(std::string_view document, const LostAnswer& lost, const Sought& sought)
      : document_(document), lost_(lost), sought_(sought) {
    if (lost.lead.start == Lead::Start::kDocument) {
      document_front_ = front_matter_size(document);
    }
  }
  std::optional<LostPlace> run() const;

 private:
  std::vector<LostPlace> candidates() const;
  LostPlace measure(std::size_t at, std::size_t skip) const;
  bool fits(const LostPlace& place) const;
  bool is_answer_of(const LostPlace& place) const;
  bool is_better(const LostPlace& place, const LostPlace& than) const;
  bool is_under_user(std::string_view above) const;
  std::size_t distance(const LostPlace& place) const;
  std::string_view below(const LostPlace& place, std::size_t length) const {
    return document_.substr(place.at + length);
  }

  std::string_view document_;
  const LostAnswer& lost_;
  const Sought& sought_;
  std::size_t document_front_ = 0;
};

std::optional<LostPlace> PlaceFinder::run() const {
  std::optional<LostPlace> best;
  for (const LostPlace& place : candidates()) {
    if (fits(place) && (!best || is_better(place, *best))) {
      best = place;
    }
  }
  return best;
}

std::vector<LostPlace> PlaceFinder::candidates() const {
  std::vector<LostPlace> places;
  const bool from_top = lost_.lead.start == Lead::Start::kDocument;
  if (from_top) {
    places.push_back(measure(0, 0));
    // The front matter may have been edited: the body is what is sought.
    places.push_back(measure(document_front_, sought_.front));
  }
  const std::string_view line = first_line(std::string_view(lost_.lead.text).substr(sought_.body));
  if (line.empty()) {
    places.push_back(measure(std::min(lost_.lead.at, document_.size()), sought_.body));
    return places;
  }
  // Only a line that is longer than a lead may be is cut within.
  const bool whole_lines = line.size() < kLongLine;
  for (std::size_t at = document_.find(line); at != std::string_view::npos;
       at = document_.find(line, at + 1)) {
    const bool starts = at == 0 || document_[at - 1] == '\n';
    // A text that began the document once has a delimiter only where it was put back at the end.
    if ((starts || !whole_lines) && (!from_top || is_under_user(document_.substr(0, at)))) {
      places.push_back(measure(at, sought_.body));
    }
  }
  return places;
}

bool PlaceFinder::is_under_user(std::string_view above) const {
  const std::string_view text = above.substr(0, trimmed_size(above));
  return delimiter_role(text.substr(text.rfind('\n') + 1), lost_.format) == Role::kUser;
}

LostPlace PlaceFinder::measure(std::size_t at, std::size_t skip) const {
  const std::string_view sought = std::string_view(sought_.whole).substr(skip);
  return {at, skip, common_prefix(document_.substr(at), sought)};
}

/// Through the lead or to the document's end.
bool PlaceFinder::fits(const LostPlace& place) const {
  const bool ends = is_blank(below(place, place.length));
  // A delimiter at the end waits for a question; any other line may be one of many.
  if (ends && (distance(place) == 0 || lost_.lead.start != Lead::Start::kCut)) {
    return true;
  }
  const std::size_t reached = place.reached();
  if (ends || reached < sought_.bare_lead) {
    return ends && reached >= sought_.bare_lead;
  }
  // "Hi" is not the beginning of a document "History".
  const std::size_t end = place.at + (sought_.bare_lead - place.skip);
  if (reached <= sought_.lead && !is_blank(first_line(document_.substr(end)))) {
    return false;
  }
  return distance(place) == 0 || is_answer_of(place);
}

/// Where a message is not in its old place, it may be another one with the same words: what stands
/// below it must be a beginning of the answer.
bool PlaceFinder::is_answer_of(const LostPlace& place) const {
  const std::size_t start = sought_.answer;
  if (place.reached() >= start + kEvidence) {
    return true;
  }
  const std::size_t back = step_back(document_, sought_, place);
  return place.skip + back > start && begins_with_delimiter(below(place, back), lost_.format);
}

/// The old place is the best, with the whole question; then one with the whole answer, if that is
/// long enough to be no coincidence; then the others, the nearest first.
bool PlaceFinder::is_better(const LostPlace& place, const LostPlace& than) const {
  const auto rank = [this](const LostPlace& one) {
    const std::size_t reached = one.reached();
    const std::size_t far = distance(one);
    const bool question = reached >= sought_.bare_lead;
    const bool answer = reached >= sought_.content && reached >= sought_.answer + kEvidence;
    const int kind = far == 0 && question ? 0 : answer ? 1 : far == 0 ? 2 : question ? 3 : 4;
    return std::tuple(kind, far, sought_.whole.size() - one.length);
  };
  return rank(place) < rank(than);
}

std::size_t PlaceFinder::distance(const LostPlace& place) const {
  // A document has one beginning, whatever its front matter.
  if (lost_.lead.start == Lead::Start::kDocument &&
      (place.at == 0 || place.at == document_front_)) {
    return 0;
  }
  return place.at < lost_.lead.at ? lost_.lead.at - place.at : place.at - lost_.lead.at;
}

}  // namespace

Sought::Sought(const LostAnswer& lost)
    : whole(lost.lead.text + lost.text + lost.ending),
      lead(lost.lead.text.size()),
      bare_lead(trimmed_size(lost.lead.text)),
      content(whole.size()) {
  const std::string delimiter = write_user_delimiter(lost.format);
  if (lost.ending.ends_with(delimiter)) {
    closing = delimiter;
    content -= delimiter.size();
  }
  answer = lead + header_size(std::string_view(whole).substr(lead, content - lead), lost.format);
  if (lost.lead.start == Lead::Start::kDocument) {
    front = front_matter_size(lost.lead.text);
    const std::size_t text = std::min(whole.find_first_not_of(kBlank, front), lead);
    const std::size_t line_break = std::string_view(whole).substr(0, text).rfind('\n');
    body = line_break == std::string_view::npos ? front : std::max(front, line_break + 1);
    bare_lead = std::max(bare_lead, body);
  }
}

std::optional<LostPlace> find_place(std::string_view document, const LostAnswer& lost,
                                    const Sought& sought) {
  return PlaceFinder(document, lost, sought).run();
}

std::size_t step_back(std::string_view document, const Sought& sought, const LostPlace& place) {
  const std::size_t least = sought.bare_lead - place.skip;
  std::size_t length = place.length;
  const std::string_view text = document.substr(place.at);
  if (text[length] != '\n') {
    while (length > least && text[length - 1] != '\n') {
      --length;
    }
  }
  while (length > least && text[length - 1] == '\n') {
    const std::string_view above = text.substr(0, length - 1);
    const std::size_t line = above.rfind('\n') + 1;  // 0 where there is none
    if (!text::is_blank(above.substr(line))) {
      return length - 1;
    }
    length = std::max(line, least);
  }
  return length;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kBlank) == std::string_view::npos;
}

std::size_t trimmed_size(std::string_view text) { return text.find_last_not_of(kBlank) + 1; }

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

bool begins_with_delimiter(std::string_view text, const Format& format) {
  const std::size_t start = std::min(text.find_first_not_of(kBlank), text.size());
  // It starts in column 1.
  return (start == 0 || text[start - 1] == '\n') &&
         delimiter_role(first_line(text.substr(start)), format).has_value();
}

}  // namespace chatvim::document
