// SPDX-License-Identifier: Apache-2.0
#include "text_block.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "left_out.hpp"
#include "line_kind.hpp"
#include "members.hpp"
#include "omissions.hpp"
#include "place.hpp"
#include "refusal.hpp"
#include "reindent.hpp"
#include "runs.hpp"
#include "try_comparisons.hpp"

namespace chatvim::patch {
namespace {

using Verdict = Placement::Verdict;

/// A range of lines of a block.
struct Piece {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// So many lines, of which one may lack words, are not in a file by chance.
constexpr std::ptrdiff_t kMeaningful = 3;
constexpr std::string_view kTooSmall = "it is too small to say where it belongs";
constexpr std::string_view kQuoteExactly =
    "quote exactly the lines to replace with :ChatvimSend and ask again";
constexpr std::string_view kUnclearOmission =
    "a line of the block may stand for omitted code, but the file has it too";

std::vector<std::string> strings(const Lines& lines) { return {lines.begin(), lines.end()}; }

bool is_all_blank(const Lines& lines) {
  return std::all_of(lines.begin(), lines.end(), text::is_blank);
}

/// Divides a block at the lines that stand for omitted code, and leaves out the blank lines around
/// those.
std::vector<Piece> split_pieces(const Lines& block, const std::vector<bool>& omissions) {
  std::vector<Piece> pieces;
  std::size_t first = 0;
  bool divided = false;
  const auto add = [&](std::size_t last, bool at_end) {
    while (divided && first < last && text::is_blank(block[first])) ++first;
    while (!at_end && first < last && text::is_blank(block[last - 1])) --last;
    if (first < last) pieces.push_back({first, last});
  };
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (!omissions[i]) continue;
    add(i, false);
    first = i + 1;
    divided = true;
  }
  add(block.size(), true);
  return pieces;
}

void add_edits(Attempt& attempt, const Compared& compared, const Placement& placement) {
  for (const Change& change : placement.changes) {
    Edit edit{change.first, change.last, {}};
    edit.lines.assign(
        compared.block_lines.begin() + static_cast<std::ptrdiff_t>(change.block_first),
        compared.block_lines.begin() + static_cast<std::ptrdiff_t>(change.block_last));
    attempt.edits.push_back(std::move(edit));
  }
}

/// Refuses edits that would remove what the block only leaves out.
void refuse_losses(Attempt& attempt, const Compared& compared) {
  if (attempt.verdict != Verdict::kPlaced) return;
  const Lines& target = *compared.target_lines;
  attempt.why = attempt.is_whole ? find_unclear_comment(target, attempt.edits)
                                 : find_left_out(target, attempt.edits);
  if (!attempt.why.empty()) attempt.verdict = Verdict::kRefused;
}

Attempt attempt_of(const Compared& compared, const Placement& placement) {
  Attempt attempt{placement.verdict, {}, placement.why, placement.first, placement.last,
                  placement.is_whole};
  if (placement.verdict == Verdict::kPlaced) add_edits(attempt, compared, placement);
  refuse_losses(attempt, compared);
  return attempt;
}

/// Whether a placed block shows so much of the target that it may be a whole file that lacks an end
/// or has moved it elsewhere. Less is enough if it has one end of the target.
bool may_be_whole(const Compared& compared, const Placement& placement) {
  const std::size_t size = compared.target.size();
  const std::size_t covered = placement.last - placement.first;
  const bool has_end = placement.first == 0 || placement.last == size;
  return !placement.is_unit && covered < size && covered * 3 >= size * (has_end ? 1 : 2);
}

/// Whether a placed block cannot be a whole file: it begins with an indented line, which the file
/// does not, and more than a fifth of the file is above it (a whole file rarely loses that much).
bool begins_inside(const Compared& compared, const Lines& block, const Placement& placement) {
  const auto is_indented = [](const Lines& lines) {
    const auto first = std::find_if_not(lines.begin(), lines.end(), text::is_blank);
    return first != lines.end() && !indentation_of(*first).empty();
  };
  return placement.first * 5 > compared.target.size() && is_indented(block) &&
         !is_indented(*compared.target_lines);
}

/// Whether lines that stand in the target as they are say that nothing is to be done: they stand
/// there once, and are too many to be there by chance. All of the target always says so.
bool is_already_so(const Compared& compared, const Piece& piece) {
  const auto at = [&](std::size_t row) {
    return compared.block_lines.begin() + static_cast<std::ptrdiff_t>(row);
  };
  const Ids block(compared.block.begin() + static_cast<std::ptrdiff_t>(piece.first),
                  compared.block.begin() + static_cast<std::ptrdiff_t>(piece.last));
  const auto words = std::count_if(at(piece.first), at(piece.last), has_words);
  const bool is_large = std::ssize(block) >= kMeaningful && words + 1 >= kMeaningful;
  return block == compared.target || (is_large && find_all(compared.target, block).size() == 1);
}

Placement refused(std::string_view why) {
  Placement placement;
  placement.verdict = Verdict::kRefused;
  placement.why = why;
  return placement;
}

/// Reads the block as a whole file and as a fragment.
Placement place_undivided(const Compared& compared, const Lines& block) {
  const Placement whole = place_whole(compared);
  const Placement part = place_fragment(compared, 0, compared.block.size());
  const bool is_whole = whole.verdict == Verdict::kPlaced;
  if (part.verdict == Verdict::kUnchanged && !is_whole &&
      !is_already_so(compared, {0, compared.block.size()})) {
    return refused(kTooSmall);
  }
  if (part.verdict != Verdict::kPlaced) return is_whole ? whole : part;
  const bool same = part.first == 0 && part.last == compared.target.size();
  if (same && is_whole) return whole;
  const bool is_part = !may_be_whole(compared, part) || begins_inside(compared, block, part);
  if (same || (!is_whole && is_part)) return part;
  return refused("it may be the whole file or a part of it");
}

/// Whether a line of the block and the lines next to it stand in the target as they are.
bool is_kept(const Placement& placement, std::size_t block_row) {
  return std::none_of(placement.changes.begin(), placement.changes.end(), [&](const Change& one) {
    return one.block_first <= block_row + 1 && one.block_last >= block_row;
  });
}

/// Reads lines that could stand for omitted code as code, because the target has them too. That is
/// certain if they stand there between the same lines.
Placement place_literally(const Compared& compared, const Lines& block,
                          const std::vector<bool>& omissions) {
  Placement placement = place_undivided(compared, block);
  if (placement.verdict != Verdict::kPlaced) return placement;
  const bool only_removes = std::any_of(placement.changes.begin(), placement.changes.end(),
                                        [](const Change& change) { return change.added() == 0; });
  if (only_removes) return refused(kUnclearOmission);
  for (std::size_t row = 0; row < block.size(); ++row) {
    if (omissions[row] && !is_kept(placement, row)) return refused(kUnclearOmission);
  }
  return placement;
}

/// Whether a piece that stands in the target as it is can mean nothing else, such as a deletion
/// between lines that are its first and last ones.
bool is_placed_once(const Compared& compared, const Piece& piece) {
  const Ids block(compared.block.begin() + static_cast<std::ptrdiff_t>(piece.first),
                  compared.block.begin() + static_cast<std::ptrdiff_t>(piece.last));
  const auto is_in = [&](std::uint32_t id) { return compared.uses[id] > 1; };
  return find_all(compared.target, block).size() == 1 &&
         !(is_in(block.front()) && is_in(block.back()));
}

/// Places each piece on its own; those that stand in the target already need no place.
Attempt attempt_pieces(const Compared& compared, const std::vector<Piece>& pieces) {
  Attempt attempt{Verdict::kUnchanged, {}, {}};
  std::size_t after = 0;
  bool any_absent = false;
  for (const Piece& piece : pieces) {
    const Placement placement = place_fragment(compared, piece.first, piece.last);
    const bool is_unchanged = placement.verdict == Verdict::kUnchanged;
    any_absent = any_absent || placement.verdict == Verdict::kAbsent;
    if (placement.verdict == Verdict::kRefused) return attempt_of(compared, placement);
    if (is_unchanged && piece.last - piece.first > 1 && !is_placed_once(compared, piece)) {
      return {Verdict::kRefused,
              {},
              "a piece of it stands in the file as it is, but may not be meant so"};
    }
    if (placement.verdict != Verdict::kPlaced) continue;
    if (placement.first < after) {
      return {Verdict::kRefused, {}, "its pieces stand in the file in another order"};
    }
    if (attempt.verdict != Verdict::kPlaced) attempt.first = placement.first;
    after = attempt.last = placement.last;
    attempt.verdict = Verdict::kPlaced;
    add_edits(attempt, compared, placement);
  }
  const bool is_certain = attempt.verdict == Verdict::kPlaced ||
                          std::any_of(pieces.begin(), pieces.end(), [&](const Piece& piece) {
                            return is_already_so(compared, piece);
                          });
  if (!any_absent && !is_certain) return {Verdict::kRefused, {}, std::string(kTooSmall)};
  refuse_losses(attempt, compared);
  if (!any_absent) return attempt;
  if (attempt.verdict == Verdict::kUnchanged) return {Verdict::kAbsent, {}, {}};
  return {Verdict::kRefused, {}, "the ends of a piece of it are not in the file"};
}

/// Whether the target too has a line that stands for omitted code: its meaning is not clear then.
bool has_unclear_omission(const Lines& target, const Lines& block,
                          const std::vector<bool>& omissions) {
  for (std::size_t row = 0; row < block.size(); ++row) {
    const auto is_same = [&](auto other) { return text::trim(other) == text::trim(block[row]); };
    if (omissions[row] && std::any_of(target.begin(), target.end(), is_same)) return true;
  }
  return false;
}

bool has_any(const std::vector<bool>& omissions) {
  return std::find(omissions.begin(), omissions.end(), true) != omissions.end();
}

Result<std::vector<Edit>> new_file(const Lines& target, const Lines& block) {
  const bool omits = std::any_of(block.begin(), block.end(), [](std::string_view line) {
    return omission_of(line) == Omission::kDots && text::trim(line) != "...";
  });
  if (omits) return refuse("the file is empty, and the block leaves code out", "ask for all of it");
  if (is_all_blank(block)) return refuse("the block has no text", "ask again");
  return std::vector<Edit>{{0, target.size(), strings(block)}};
}

Result<Attempt> find_unquoted(const Lines& target, const Lines& block) {
  const auto omissions = find_omissions(target, block);
  const auto pieces = split_pieces(block, omissions);
  const bool divided = has_any(omissions);
  if (pieces.empty()) return refuse("the block has no code");
  const bool is_unclear = divided && has_unclear_omission(target, block, omissions);
  return try_comparisons(
      target, block, block,
      [&](const Compared& compared) {
        if (is_unclear) return attempt_of(compared, place_literally(compared, block, omissions));
        if (divided) return attempt_pieces(compared, pieces);
        return attempt_of(compared, place_undivided(compared, block));
      },
      true);
}

/// Returns the rows at which the quoted lines stand.
std::vector<std::size_t> find_quoted(const Lines& target, const Lines& quoted) {
  for (const bool ignores_end : {false, true}) {
    const auto compared = compare(target, quoted, {ignores_end});
    auto rows = find_all(compared->target, compared->block);
    if (!rows.empty()) return rows;
  }
  return {};
}

/// Whether lines are several members, such as functions: some may be left out.
bool has_members(const Lines& lines) {
  std::size_t heads = 0;
  for (std::size_t row = 0; row < lines.size(); ++row) heads += is_member_head(lines, row) ? 1 : 0;
  return heads > 1;
}

/// Replaces lines by the block. Unless it may leave something out, all of them are meant.
Attempt replace(const Compared& compared, Piece lines, bool may_leave_out) {
  const std::span<const std::uint32_t> ids(compared.target);
  Placement placement{Verdict::kPlaced, lines.first, lines.last};
  placement.is_whole = !may_leave_out;
  placement.changes = align(ids.subspan(lines.first, lines.last - lines.first), compared.block);
  for (Change& change : placement.changes) {
    change.first += lines.first;
    change.last += lines.first;
  }
  return attempt_of(compared, placement);
}

/// Whether a block cannot stand for all the quoted lines: it begins deeper than they do, or is much
/// shorter and has none of them.
bool is_part_of_quote(const Compared& compared, const Lines& quoted) {
  const auto& block = compared.block_lines;
  const auto first = std::find_if(quoted.begin(), quoted.end(), has_words);
  const auto own = std::find_if(block.begin(), block.end(),
                                [](const std::string& line) { return has_words(line); });
  if (first == quoted.end() || own == block.end()) return false;
  if (indentation_of(*own).size() > indentation_of(*first).size()) return true;
  const bool keeps_any = std::any_of(block.begin(), block.end(), [&](const std::string& line) {
    return has_words(line) && std::find(quoted.begin(), quoted.end(), line) != quoted.end();
  });
  return !keeps_any && block.size() * 2 < quoted.size();
}

/// Without a place of its own the block replaces what the user quoted.
Result<std::vector<Edit>> find_with_quote(const Lines& target, const Lines& block, Piece rows) {
  const Lines quoted(target.begin() + static_cast<std::ptrdiff_t>(rows.first),
                     target.begin() + static_cast<std::ptrdiff_t>(rows.last));
  auto attempt = find_unquoted(target, block);
  const auto indented = with_indentation_of(quoted, block);
  const Compared compared = *compare(target, {indented.begin(), indented.end()}, {});
  Attempt replaced = replace(compared, rows, has_members(quoted));
  if (replaced.edits.empty()) return already_so();
  if (!attempt) {
    if (replaced.verdict == Verdict::kRefused) return refuse(replaced.why, kQuoteExactly);
    if (is_part_of_quote(compared, quoted)) {
      return refuse("it could replace only some of the quoted lines", kQuoteExactly);
    }
    return std::move(replaced.edits);
  }
  const bool inside = attempt->first >= rows.first && attempt->last <= rows.last;
  if (inside && replaced.edits != attempt->edits) {
    return refuse("it could replace all quoted lines or only some of them", kQuoteExactly);
  }
  return std::move(attempt->edits);
}

/// Returns the edits of a block that has a place of its own.
Result<std::vector<Edit>> find_alone(const Lines& target, const Lines& block) {
  return find_unquoted(target, block).map([](Attempt&& placed) { return std::move(placed.edits); });
}

}  // namespace

Result<std::vector<Edit>> find_text_edits(const Lines& target, const Lines& block,
                                          std::optional<std::string_view> quoted) {
  if (is_all_blank(target)) return new_file(target, block);
  const bool divided = has_any(find_omissions(target, block));
  if (!quoted || text::is_blank(*quoted) || divided || is_all_blank(block)) {
    return find_alone(target, block);
  }
  const Lines lines = text::split_buffer(*quoted);
  const auto rows = find_quoted(target, lines);
  if (rows.size() != 1) return find_alone(target, block);
  return find_with_quote(target, block, {rows.front(), rows.front() + lines.size()});
}

Result<std::vector<Edit>> find_whole_edits(const Lines& target, const Lines& block) {
  if (is_all_blank(target)) return new_file(target, block);
  if (is_all_blank(block)) return refuse("the block has no text", "ask again");
  const bool omits = has_new_omission(target, block, find_omissions(target, block));
  if (omits) return refuse("it should be the whole file, but leaves code out", "ask for all of it");
  Attempt replaced = replace(*compare(target, block, {}), {0, target.size()}, false);
  if (replaced.edits.empty()) return already_so();
  if (replaced.verdict == Verdict::kRefused) return refuse(replaced.why, "ask for all of it");
  return std::move(replaced.edits);
}

}  // namespace chatvim::patch
