// SPDX-License-Identifier: Apache-2.0
#include "lost_place.hpp"

#include <algorithm>
#include <tuple>

#include "chatvim/document/reader.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/text/lines.hpp"

namespace chatvim::document {
namespace {

/// Lines written by hand are shorter.
constexpr std::size_t kLongLine = 4096;

std::size_t common_prefix(std::string_view left, std::string_view right) {
  const auto end = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  return static_cast<std::size_t>(end.first - left.begin());
}

/// Returns the size of the front matter in bytes, including the line break after it.
std::size_t front_matter_size(std::string_view text) {
  const auto lines = text::split_buffer(text);
  const std::size_t count = find_front_matter(lines).body_line;
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) {
    size += lines[i].size() + 1;
  }
  return std::min(size, text.size());
}

/// Returns the size in bytes of the white space, assistant delimiter and white space at the start
/// of an answer's text.
std::size_t header_size(std::string_view text, const Format& format) {
  const std::size_t start = std::min(text.find_first_not_of(kBlank), text.size());
  const std::string_view line = first_line(text.substr(start));
  if (delimiter_role(line, format) != Role::kAssistant) {
    return 0;
  }
  return std::min(text.find_first_not_of(kBlank, start + line.size()), text.size());
}

/// Checks every place where the answer may belong.
class PlaceFinder {
 public:
  PlaceFinder(std::string_view document, const LostAnswer& lost, const SearchedAnswer& searched)
      : document_(document), lost_(lost), searched_(searched) {
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
  const SearchedAnswer& searched_;
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
    // The front matter may have been edited, so match from the body.
    places.push_back(measure(document_front_, searched_.front));
  }
  const std::string_view line =
      first_line(std::string_view(lost_.lead.text).substr(searched_.body));
  if (line.empty()) {
    places.push_back(measure(std::min(lost_.lead.at, document_.size()), searched_.body));
    return places;
  }
  // Only a line longer than the lead's limit can have been cut.
  const bool whole_lines = line.size() < kLongLine;
  for (std::size_t at = document_.find(line); at != std::string_view::npos;
       at = document_.find(line, at + 1)) {
    const bool starts = at == 0 || document_[at - 1] == '\n';
    // Text from the start of the document follows a delimiter only if it was restored at the end.
    if ((starts || !whole_lines) && (!from_top || is_under_user(document_.substr(0, at)))) {
      places.push_back(measure(at, searched_.body));
    }
  }
  return places;
}

bool PlaceFinder::is_under_user(std::string_view above) const {
  const std::string_view text = above.substr(0, trimmed_size(above));
  return delimiter_role(text.substr(text.rfind('\n') + 1), lost_.format) == Role::kUser;
}

LostPlace PlaceFinder::measure(std::size_t at, std::size_t skip) const {
  const std::string_view searched = std::string_view(searched_.whole).substr(skip);
  return {at, skip, common_prefix(document_.substr(at), searched)};
}

/// Whether the match covers the whole lead or reaches the document's end.
bool PlaceFinder::fits(const LostPlace& place) const {
  const bool ends = is_blank(below(place, place.length));
  // A lone delimiter at the end is waiting for a question; any other line may occur many times.
  if (ends && (distance(place) == 0 || lost_.lead.start != Lead::Start::kCut)) {
    return true;
  }
  const std::size_t reached = place.reached();
  if (ends || reached < searched_.bare_lead) {
    return ends && reached >= searched_.bare_lead;
  }
  // "Hi" must not match the start of a document "History".
  const std::size_t end = place.at + (searched_.bare_lead - place.skip);
  if (reached <= searched_.lead && !is_blank(first_line(document_.substr(end)))) {
    return false;
  }
  return distance(place) == 0 || is_answer_of(place);
}

/// A message away from its original place may be a different one with the same words, so the text
/// below it must match the start of the answer.
bool PlaceFinder::is_answer_of(const LostPlace& place) const {
  const std::size_t start = searched_.answer;
  if (place.reached() >= start + kEvidence) {
    return true;
  }
  const std::size_t back = step_back(document_, searched_, place);
  return place.skip + back > start && begins_with_delimiter(below(place, back), lost_.format);
}

/// The original place with the whole question ranks first; then a place with the whole answer, if
/// that is too long to be a coincidence; then the others, nearest first.
bool PlaceFinder::is_better(const LostPlace& place, const LostPlace& than) const {
  const auto rank = [this](const LostPlace& one) {
    const std::size_t reached = one.reached();
    const std::size_t far = distance(one);
    const bool question = reached >= searched_.bare_lead;
    const bool answer = reached >= searched_.content && reached >= searched_.answer + kEvidence;
    const int kind = far == 0 && question ? 0 : answer ? 1 : far == 0 ? 2 : question ? 3 : 4;
    return std::tuple(kind, far, searched_.whole.size() - one.length);
  };
  return rank(place) < rank(than);
}

std::size_t PlaceFinder::distance(const LostPlace& place) const {
  // A document has only one start, whatever its front matter.
  if (lost_.lead.start == Lead::Start::kDocument &&
      (place.at == 0 || place.at == document_front_)) {
    return 0;
  }
  return place.at < lost_.lead.at ? lost_.lead.at - place.at : place.at - lost_.lead.at;
}

}  // namespace

SearchedAnswer::SearchedAnswer(const LostAnswer& lost)
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
                                    const SearchedAnswer& searched) {
  return PlaceFinder(document, lost, searched).run();
}

std::size_t step_back(std::string_view document, const SearchedAnswer& searched,
                      const LostPlace& place) {
  const std::size_t least = searched.bare_lead - place.skip;
  std::size_t length = place.length;
  const std::string_view text = document.substr(place.at);
  if (text[length] != '\n') {
    while (length > least && text[length - 1] != '\n') {
      --length;
    }
  }
  while (length > least && text[length - 1] == '\n') {
    const std::string_view above = text.substr(0, length - 1);
    const std::size_t line = above.rfind('\n') + 1;  // 0 if there is none
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
  // The delimiter must start in column 1.
  return (start == 0 || text[start - 1] == '\n') &&
         delimiter_role(first_line(text.substr(start)), format).has_value();
}

}  // namespace chatvim::document
