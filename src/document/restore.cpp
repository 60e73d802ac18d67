// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/restore.hpp"

#include <algorithm>
#include <cctype>

#include "chatvim/document/reader.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/text/lines.hpp"
#include "lost_place.hpp"
#include "spacing.hpp"

namespace chatvim::document {
namespace {

/// This many bytes at the end of the present text identify where in the answer it ends.
constexpr std::size_t kAlignment = 48;

/// Where the missing rest of an answer belongs.
struct Seam {
  std::size_t offset = 0;  ///< in the document
  std::size_t whole = 0;   ///< where the rest begins in `SearchedAnswer::whole`
};

Seam seam_of(const LostPlace& place, std::size_t length) {
  return {place.at + length, place.skip + length};
}

bool is_word_byte(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x80U || std::isalnum(value) != 0;
}

/// Whether `text` ends with a letter or digit and its last letters and digits are `letters`.
bool ends_with_letters(std::string_view text, std::string_view letters) {
  if (text.empty() || !is_word_byte(text.back())) {
    return false;
  }
  for (; !text.empty() && !letters.empty(); text.remove_suffix(1)) {
    if (!is_word_byte(text.back())) {
      continue;
    }
    if (text.back() != letters.back()) {
      return false;
    }
    letters.remove_suffix(1);
  }
  return letters.empty();
}

/// Returns the last `kAlignment` letters and digits of a text.
std::string last_letters(std::string_view text) {
  std::string letters;
  for (; !text.empty() && letters.size() < kAlignment; text.remove_suffix(1)) {
    if (is_word_byte(text.back())) {
      letters += text.back();
    }
  }
  return {letters.rbegin(), letters.rend()};
}

/// Computes what a document lacks of an answer.
class Restorer {
 public:
  Restorer(std::string_view document, const LostAnswer& lost, const SearchedAnswer& searched)
      : document_(document), lost_(lost), searched_(searched) {}

  Restoration complete(const LostPlace& place) const;
  /// For an answer whose place was not found.
  Restoration append() const;

 private:
  Restoration insert_above(const Seam& seam) const;
  std::optional<Restoration> close_further_text(const LostPlace& place) const;
  std::string others_in_ending() const;
  std::optional<Seam> find_after_changes(const Seam& reached) const;
  std::optional<Seam> find_by_letters(const Seam& reached, std::size_t end) const;

  std::string_view document_;
  const LostAnswer& lost_;
  const SearchedAnswer& searched_;
};

Restoration Restorer::complete(const LostPlace& place) const {
  const std::string_view replaced = lost_.lead.replaced;
  const std::size_t lead = searched_.lead - std::min(searched_.lead, place.skip);
  if (!replaced.empty() && searched_.content > searched_.lead && place.length >= lead &&
      place.length < lead + replaced.size() &&
      document_.substr(place.at + lead).starts_with(replaced)) {
    Restoration edit = insert_above({place.at + lead + replaced.size(), searched_.lead});
    edit.offset = place.at + lead;
    edit.removed = replaced.size();
    return edit;
  }
  if (auto further = close_further_text(place)) {
    return *further;
  }
  const Seam reached = seam_of(place, place.length);
  const std::string_view rest = document_.substr(reached.offset);
  const bool closed = !rest.empty() && reached.whole >= searched_.content;
  if (is_blank(rest) && !closed) {
    return {reached.offset, 0, searched_.whole.substr(reached.whole)};
  }
  if (closed) {
    return insert_above(seam_of(place, searched_.content - place.skip));
  }
  const auto changed = find_after_changes(reached);
  return insert_above(changed ? *changed : seam_of(place, step_back(document_, searched_, place)));
}

/// Handles a document that holds all the saved text and more, because the answer is saved only from
/// time to time. If a delimiter follows, nothing is missing. Otherwise text that continues on the
/// same line is the answer's, and the closing delimiter goes after it; text that starts on a new
/// line may be somebody else's.
std::optional<Restoration> Restorer::close_further_text(const LostPlace& place) const {
  const std::size_t text_end = searched_.lead + lost_.text.size();
  const std::size_t reached = place.at + place.length;
  if (place.reached() < text_end || is_blank(document_.substr(reached))) {
    return std::nullopt;
  }
  const std::size_t start = place.at + (text_end - place.skip);
  std::size_t line = document_.find('\n', start);
  while (line != std::string_view::npos &&
         !delimiter_role(first_line(document_.substr(line + 1)), lost_.format)) {
    line = document_.find('\n', line + 1);
  }
  const bool closed = line != std::string_view::npos;
  const std::string_view further =
      document_.substr(start, closed ? line - start : std::string_view::npos);
  if (is_blank(further) || (!closed && (lost_.text.empty() || further.front() == '\n'))) {
    return std::nullopt;
  }
  if (closed) {
    return Restoration{line, 0, ""};
  }
  return Restoration{document_.find_last_not_of('\n') + 1, 0,
                     others_in_ending() + searched_.closing};
}

/// Returns the other answers that the ending writes again below the answer, with the blank line
/// before them. They were in the text that the answer replaced.
std::string Restorer::others_in_ending() const {
  const std::string_view ending = lost_.ending;
  const std::size_t others = ending.find("\n\n" + std::string(kOtherBeginning));
  if (others == std::string_view::npos) return {};
  return std::string(ending.substr(others, ending.size() - searched_.closing.size() - others));
}

/// Inserts the rest of the answer at the seam, above what follows.
Restoration Restorer::insert_above(const Seam& seam) const {
  Restoration edit{seam.offset, 0,
                   searched_.whole.substr(seam.whole, searched_.content - seam.whole)};
  if (!begins_with_delimiter(document_.substr(seam.offset), lost_.format)) {
    edit.text += searched_.closing;
  }
  return edit;
}

/// If the answer's text was edited, its last words still show how much of it is there.
std::optional<Seam> Restorer::find_after_changes(const Seam& reached) const {
  if (reached.whole < searched_.answer) {
    return std::nullopt;
  }
  std::size_t line = document_.rfind('\n', reached.offset) + 1;  // 0 if there is none
  while (line < document_.size() &&
         !delimiter_role(first_line(document_.substr(line)), lost_.format)) {
    line = std::min(document_.find('\n', line), document_.size() - 1) + 1;
  }
  const std::size_t end = trimmed_size(document_.substr(0, line));
  if (end < reached.offset + kEvidence) {
    return std::nullopt;
  }
  const std::size_t size = std::min(kAlignment, end - reached.offset);
  const auto answer = std::string_view(searched_.whole).substr(0, searched_.content);
  const std::size_t found = answer.rfind(document_.substr(end - size, size));
  if (found == std::string_view::npos || found < reached.whole) {
    return find_by_letters(reached, end);
  }
  return Seam{end, found + size};
}

/// A formatter changes markup (`*` for `-`, `2)` for `2.`) but keeps the letters. `end` is where
/// the answer ends in the document.
std::optional<Seam> Restorer::find_by_letters(const Seam& reached, std::size_t end) const {
  const std::string_view there = document_.substr(reached.offset, end - reached.offset);
  const std::string letters = last_letters(there);
  if (letters.size() < kEvidence) {
    return std::nullopt;
  }
  const auto answer = std::string_view(searched_.whole).substr(0, searched_.content);
  std::size_t found = answer.size();
  while (found > reached.whole && !ends_with_letters(answer.substr(0, found), letters)) {
    --found;
  }
  if (found <= reached.whole) {
    return std::nullopt;
  }
  // After the last letter, skip as many punctuation bytes of the answer as the document has there.
  for (std::size_t i = there.size();
       i > 0 && !is_word_byte(there[i - 1]) && found < answer.size() &&
       !is_word_byte(answer[found]) && answer[found] != '\n';
       --i) {
    ++found;
  }
  return Seam{end, found};
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
  edit.text += searched_.whole.substr(searched_.front);
  return edit;
}

}  // namespace

Restoration restore(std::string_view document, const LostAnswer& lost) {
  const SearchedAnswer searched(lost);
  const Restorer restorer(document, lost, searched);
  const auto place = find_place(document, lost, searched);
  return place ? restorer.complete(*place) : restorer.append();
}

std::optional<std::size_t> find_question(std::string_view document, const LostAnswer& lost) {
  const SearchedAnswer searched(lost);
  const auto place = find_place(document, lost, searched);
  if (!place || place->reached() < searched.bare_lead) {
    return std::nullopt;
  }
  return lost.lead.start == Lead::Start::kDocument ? 0 : place->at;
}

std::size_t count_answer(const LostAnswer& lost) {
  const SearchedAnswer searched(lost);
  const auto words = std::string_view(searched.whole).substr(searched.answer);
  return static_cast<std::size_t>(std::count_if(
      words.begin(), words.end() - static_cast<std::ptrdiff_t>(searched.closing.size()),
      [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

}  // namespace chatvim::document
