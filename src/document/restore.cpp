// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/restore.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "chatvim/document/reader.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/text/lines.hpp"
#include "spacing.hpp"

namespace chatvim::document {
namespace {

/// So many bytes of an answer are no coincidence where the place is not the one that it had.
constexpr std::size_t kEvidence = 16;

/// Lines of people are shorter.
constexpr std::size_t kLongLine = 4096;
/// So much of the end of what stands there tells where in the answer it ends.
constexpr std::size_t kAlignment = 48;

constexpr std::string_view kBlank = " \t\n";

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kBlank) == std::string_view::npos;
}

std::size_t trimmed_size(std::string_view text) { return text.find_last_not_of(kBlank) + 1; }

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

std::size_t common_prefix(std::string_view left, std::string_view right) {
  const auto end = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  return static_cast<std::size_t>(end.first - left.begin());
}

/// Bytes of front matter with the line break behind it.
std::size_t front_matter_size(std::string_view text) {
  const auto lines = text::split_buffer(text);
  std::size_t size = 0;
  for (std::size_t i = 0; i < find_front_matter(lines).body_line; ++i) {
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

/// True when the first line of `text` that is not blank is a delimiter.
bool begins_with_delimiter(std::string_view text, const Format& format) {
  const std::size_t start = std::min(text.find_first_not_of(kBlank), text.size());
  // It starts in column 1.
  return (start == 0 || text[start - 1] == '\n') &&
         delimiter_role(first_line(text.substr(start)), format).has_value();
}

/// One restoration: what is sought, and where it may stand.
class Restorer {
 public:
  Restorer(std::string_view document, const LostAnswer& lost);
  Restoration run();

 private:
  /// A place of the document that the beginning of `whole_` stands at.
  struct Place {
    std::size_t at = 0;
    std::size_t skip = 0;    ///< bytes of `whole_` that are not sought: its front matter
    std::size_t length = 0;  ///< bytes that are the same
  };
  /// Where the rest of the answer belongs.
  struct Seam {
    std::size_t offset = 0;  ///< in the document
    std::size_t whole = 0;   ///< where the rest begins in `whole_`
  };

  std::vector<Place> candidates() const;
  Place measure(std::size_t at, std::size_t skip) const;
  bool fits(const Place& place) const;
  bool is_answer_of(const Place& place) const;
  bool is_better(const Place& place, const Place& than) const;
  bool is_under_user(std::string_view above) const;
  std::size_t distance(const Place& place) const;
  Restoration complete(const Place& place) const;
  Restoration insert_above(const Seam& seam) const;
  std::optional<Seam> find_after_changes(const Seam& reached) const;
  std::size_t step_back(const Place& place) const;
  Restoration append() const;
  std::size_t answer_start() const;
  static Seam seam(const Place& place, std::size_t length) {
    return {place.at + length, place.skip + length};
  }
  std::string_view below(const Place& place, std::size_t length) const {
    return document_.substr(place.at + length);
  }

  std::string_view document_;
  const LostAnswer& lost_;
  std::string whole_;      // lead, text, ending
  std::string closing_;    // the delimiter at the ending's end
  std::size_t lead_;       // where the answer begins in `whole_`
  std::size_t bare_lead_;  // the same without the white space before it
  std::size_t content_;    // where the closing begins in it
  std::size_t front_ = 0;  // bytes of front matter in the lead
  std::size_t body_ = 0;   // where the lead's text begins behind that and blank lines
  std::size_t document_front_ = 0;
};

Restorer::Restorer(std::string_view document, const LostAnswer& lost)
    : document_(document),
      lost_(lost),
      whole_(lost.lead.text + lost.text + lost.ending),
      lead_(lost.lead.text.size()),
      bare_lead_(trimmed_size(lost.lead.text)),
      content_(whole_.size()) {
  const std::string closing = write_user_delimiter(lost.format);
  if (lost.ending.ends_with(closing)) {
    closing_ = closing;
    content_ -= closing.size();
  }
  if (lost.lead.start == Lead::Start::kDocument) {
    front_ = front_matter_size(lost.lead.text);
    const std::size_t text = std::min(whole_.find_first_not_of(kBlank, front_), lead_);
    const std::size_t line_break = std::string_view(whole_).substr(0, text).rfind('\n');
    body_ = line_break == std::string_view::npos ? front_ : std::max(front_, line_break + 1);
    bare_lead_ = std::max(bare_lead_, body_);
    document_front_ = front_matter_size(document);
  }
}

Restoration Restorer::run() {
  std::optional<Place> best;
  for (const Place& place : candidates()) {
    if (fits(place) && (!best || is_better(place, *best))) {
      best = place;
    }
  }
  return best ? complete(*best) : append();
}

std::vector<Restorer::Place> Restorer::candidates() const {
  std::vector<Place> places;
  const bool from_top = lost_.lead.start == Lead::Start::kDocument;
  if (from_top) {
    places.push_back(measure(0, 0));
    // The front matter may have been edited: the body is what is sought.
    places.push_back(measure(document_front_, front_));
  }
  const std::string_view line = first_line(std::string_view(lost_.lead.text).substr(body_));
  if (line.empty()) {
    places.push_back(measure(std::min(lost_.lead.at, document_.size()), body_));
    return places;
  }
  // Only a line that is longer than a lead may be is cut within.
  const bool whole_lines = line.size() < kLongLine;
  for (std::size_t at = document_.find(line); at != std::string_view::npos;
       at = document_.find(line, at + 1)) {
    const bool starts = at == 0 || document_[at - 1] == '\n';
    // A text that began the document once has a delimiter only where it was put back at the end.
    if ((starts || !whole_lines) && (!from_top || is_under_user(document_.substr(0, at)))) {
      places.push_back(measure(at, body_));
    }
  }
  return places;
}

bool Restorer::is_under_user(std::string_view above) const {
  const std::string_view text = above.substr(0, trimmed_size(above));
  return delimiter_role(text.substr(text.rfind('\n') + 1), lost_.format) == Role::kUser;
}

Restorer::Place Restorer::measure(std::size_t at, std::size_t skip) const {
  const std::string_view sought = std::string_view(whole_).substr(skip);
  return {at, skip, common_prefix(document_.substr(at), sought)};
}

/// Through the lead or to the document's end.
bool Restorer::fits(const Place& place) const {
  const bool ends = is_blank(below(place, place.length));
  // A delimiter at the end waits for a question; any other line may be one of many.
  if (ends && (distance(place) == 0 || lost_.lead.start != Lead::Start::kCut)) {
    return true;
  }
  const std::size_t reached = place.skip + place.length;
  if (ends || reached < bare_lead_) {
    return ends && reached >= bare_lead_;
  }
  // "Hi" is not the beginning of a document "History".
  const std::size_t end = place.at + (bare_lead_ - place.skip);
  if (reached <= lead_ && !is_blank(first_line(document_.substr(end)))) {
    return false;
  }
  return distance(place) == 0 || is_answer_of(place);
}

/// Where a message is not in its old place, it may be another one with the same words: what stands
/// below it must be a beginning of the answer.
bool Restorer::is_answer_of(const Place& place) const {
  const std::size_t start = answer_start();
  if (place.skip + place.length >= start + kEvidence) {
    return true;
  }
  const std::size_t back = step_back(place);
  return place.skip + back > start && begins_with_delimiter(below(place, back), lost_.format);
}

/// Where the answer's own text begins in `whole_`.
std::size_t Restorer::answer_start() const {
  return lead_ + header_size(std::string_view(whole_).substr(lead_), lost_.format);
}

/// The old place is the best, with the whole question; then one with the whole answer, if that is
/// long enough to be no coincidence; then the others, the nearest first.
bool Restorer::is_better(const Place& place, const Place& than) const {
  const auto rank = [this](const Place& one) {
    const std::size_t reached = one.skip + one.length;
    const std::size_t far = distance(one);
    const bool question = reached >= bare_lead_;
    const bool answer = reached >= content_ && reached >= answer_start() + kEvidence;
    const int kind = far == 0 && question ? 0 : answer ? 1 : far == 0 ? 2 : question ? 3 : 4;
    return std::tuple(kind, far, whole_.size() - one.length);
  };
  return rank(place) < rank(than);
}

std::size_t Restorer::distance(const Place& place) const {
  // A document has one beginning, whatever its front matter.
  if (lost_.lead.start == Lead::Start::kDocument &&
      (place.at == 0 || place.at == document_front_)) {
    return 0;
  }
  return place.at < lost_.lead.at ? lost_.lead.at - place.at : place.at - lost_.lead.at;
}

Restoration Restorer::complete(const Place& place) const {
  const std::string_view replaced = lost_.lead.replaced;
  const std::size_t lead = lead_ - std::min(lead_, place.skip);
  if (!replaced.empty() && content_ > lead_ && place.length >= lead &&
      place.length < lead + replaced.size() && below(place, lead).starts_with(replaced)) {
    Restoration edit = insert_above({place.at + lead + replaced.size(), lead_});
    edit.offset = place.at + lead;
    edit.removed = replaced.size();
    return edit;
  }
  const Seam reached = seam(place, place.length);
  const std::string_view rest = document_.substr(reached.offset);
  const bool closed = !rest.empty() && reached.whole >= content_;
  if (is_blank(rest) && !closed) {
    return {reached.offset, 0, whole_.substr(reached.whole)};
  }
  if (closed) {
    return insert_above(seam(place, content_ - place.skip));
  }
  const auto changed = find_after_changes(reached);
  return insert_above(changed ? *changed : seam(place, step_back(place)));
}

/// Inserts the rest of the answer at the seam, above what follows.
Restoration Restorer::insert_above(const Seam& seam) const {
  Restoration edit{seam.offset, 0, whole_.substr(seam.whole, content_ - seam.whole)};
  if (!begins_with_delimiter(document_.substr(seam.offset), lost_.format)) {
    edit.text += closing_;
  }
  return edit;
}

/// Where somebody changed the answer's text, its last words still tell how much of it is there.
std::optional<Restorer::Seam> Restorer::find_after_changes(const Seam& reached) const {
  if (reached.whole < answer_start()) {
    return std::nullopt;
  }
  std::size_t line = document_.rfind('\n', reached.offset) + 1;  // 0 where there is none
  while (line < document_.size() &&
         !delimiter_role(first_line(document_.substr(line)), lost_.format)) {
    line = std::min(document_.find('\n', line), document_.size() - 1) + 1;
  }
  const std::size_t end = trimmed_size(document_.substr(0, line));
  if (end < reached.offset + kEvidence) {
    return std::nullopt;
  }
  const std::size_t size = std::min(kAlignment, end - reached.offset);
  const auto answer = std::string_view(whole_).substr(0, content_);
  const std::size_t found = answer.rfind(document_.substr(end - size, size));
  if (found == std::string_view::npos || found < reached.whole) {
    return std::nullopt;
  }
  return Seam{end, found + size};
}

/// How far the place is the answer's where other text follows. A line that begins as the answer's
/// next line does, and then goes on differently, is not the answer's; nor are the line breaks above
/// it.
std::size_t Restorer::step_back(const Place& place) const {
  const std::size_t least = bare_lead_ - place.skip;
  std::size_t length = place.length;
  const std::string_view text = document_.substr(place.at);
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

Restoration Restorer::append() const {
  const auto lines = text::split_buffer(document_);
  const Tail tail = read_tail(lines, lost_.format);
  Restoration edit{document_.size(), 0, ""};
  const std::string suffix = whole_lines(lost_.format.delimiter_suffix);
  const bool delimited = lost_.lead.start == Lead::Start::kMessage;
  if (!delimited && tail.under == Role::kUser) {
    edit.text = missing(suffix, tail.white_space);
  } else {
    if (!tail.empty) {
      edit.text = missing(whole_lines_below(lost_.format.delimiter_prefix), tail.white_space);
    }
    edit.text += delimited ? "" : lost_.format.user_delimiter + suffix;
  }
  edit.text += whole_.substr(front_);
  return edit;
}

}  // namespace

Restoration restore(std::string_view document, const LostAnswer& lost) {
  return Restorer(document, lost).run();
}

std::size_t count_answer(const LostAnswer& lost) {
  std::string text = lost.text + lost.ending;
  const std::string closing = write_user_delimiter(lost.format);
  if (lost.ending.ends_with(closing)) {
    text.resize(text.size() - closing.size());
  }
  std::size_t count = 0;
  for (std::size_t i = header_size(text, lost.format); i < text.size(); ++i) {
    count += (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
  }
  return count;
}

}  // namespace chatvim::document
