// SPDX-License-Identifier: Apache-2.0
#include "hunks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "hunk_order.hpp"
#include "line_kind.hpp"
#include "read_hunks.hpp"
#include "refusal.hpp"
#include "runs.hpp"
#include "try_comparisons.hpp"

namespace chatvim::patch {
namespace {

using Verdict = Placement::Verdict;

/// So many lines are not in a file by chance.
constexpr std::size_t kLeast = 3;

/// A hunk by the rules of a comparison.
struct ComparedHunk {
  const Hunk* hunk = nullptr;
  std::size_t block_first = 0;  ///< of its lines among those of all hunks
  std::size_t size = 0;         ///< lines that count; blank ones at its end may not

  /// Returns the lines that it finds (`other` is '+') or leaves ('-').
  Ids side(const Compared& compared, char other) const {
    Ids ids;
    for (std::size_t i = 0; i < size; ++i) {
      if (hunk->lines[i].mark != other) ids.push_back(compared.block[block_first + i]);
    }
    return ids;
  }
};

Lines all_lines(const std::vector<Hunk>& hunks) {
  Lines lines;
  for (const Hunk& hunk : hunks) {
    for (const auto& line : hunk.lines) lines.push_back(line.text);
  }
  return lines;
}

Lines old_lines(const std::vector<Hunk>& hunks) {
  Lines lines;
  for (const Hunk& hunk : hunks) {
    const Lines old = hunk.old_lines();
    lines.insert(lines.end(), old.begin(), old.end());
  }
  return lines;
}

/// Finds the places of a hunk's old lines; without its blank tail if there are none with it.
std::vector<std::size_t> find_places(ComparedHunk& hunk, const Compared& compared) {
  const Ids old = hunk.side(compared, '+');
  auto rows = old.empty() ? std::vector<std::size_t>() : find_all(compared.target, old);
  if (!rows.empty() || hunk.hunk->blank_tail == 0) return rows;
  hunk.size = hunk.hunk->lines.size() - hunk.hunk->blank_tail;
  const Ids shorter = hunk.side(compared, '+');
  return shorter.empty() ? std::vector<std::size_t>() : find_all(compared.target, shorter);
}

/// Whether the target certainly has what a hunk leaves: it stands there once, and both its context
/// and what it adds have words. If a hunk only removes lines, its context must be long.
bool is_applied(const ComparedHunk& hunk, const Compared& compared) {
  const Ids left = hunk.side(compared, '-');
  std::size_t context = 0;
  std::size_t added = 0;
  for (std::size_t i = 0; i < hunk.size; ++i) {
    const auto& line = hunk.hunk->lines[i];
    if (line.mark == '-' || !has_words(line.text)) continue;
    ++(line.mark == '+' ? added : context);
  }
  const bool is_large = added > 0 ? context > 0 && left.size() >= kLeast : context > kLeast;
  return is_large && find_all(compared.target, left).size() == 1;
}

/// Whether lines that a hunk adds at the end of its context follow that context already.
bool has_added(const ComparedHunk& hunk, const Compared& compared, std::size_t row) {
  const Ids old = hunk.side(compared, '+');
  const Ids left = hunk.side(compared, '-');
  if (left.size() <= old.size() || row + left.size() > compared.target.size()) return false;
  return std::equal(left.begin(), left.end(),
                    compared.target.begin() + static_cast<std::ptrdiff_t>(row));
}

/// Returns the number of lines without a mark at one end of a hunk.
std::size_t context_at(const ComparedHunk& hunk, bool at_end) {
  std::size_t count = 0;
  while (count < hunk.size &&
         hunk.hunk->lines[at_end ? hunk.size - 1 - count : count].mark == ' ') {
    ++count;
  }
  return count;
}

Candidate candidate_of(const ComparedHunk& hunk, const Compared& compared,
                       std::vector<std::size_t> rows) {
  const std::size_t old = hunk.side(compared, '+').size();
  Candidate candidate;
  candidate.rows = std::move(rows);
  candidate.core_first = context_at(hunk, false);
  candidate.core_last = old - std::min(context_at(hunk, true), old);
  candidate.old_start = hunk.hunk->old_start;
  candidate.new_start = hunk.hunk->new_start;
  candidate.counts_are_right = hunk.hunk->counts_are_right;
  candidate.growth = static_cast<std::ptrdiff_t>(hunk.side(compared, '-').size()) -
                     static_cast<std::ptrdiff_t>(old);
  return candidate;
}

/// Adds what a hunk changes at a row.
void add_edits(std::vector<Edit>& edits, const ComparedHunk& hunk, const Compared& compared,
               std::size_t row) {
  Edit edit{row, row, {}};
  const auto flush = [&] {
    const bool same =
        std::equal(edit.lines.begin(), edit.lines.end(),
                   compared.target_lines->begin() + static_cast<std::ptrdiff_t>(edit.first),
                   compared.target_lines->begin() + static_cast<std::ptrdiff_t>(edit.last));
    if (!same) edits.push_back(edit);
  };
  for (std::size_t i = 0; i < hunk.size; ++i) {
    const char mark = hunk.hunk->lines[i].mark;
    if (mark == '+') {
      edit.lines.push_back(compared.block_lines[hunk.block_first + i]);
    } else if (mark == '-') {
      ++edit.last;
    } else {
      flush();
      edit = {edit.last + 1, edit.last + 1, {}};
    }
  }
  flush();
}

/// Places all hunks of a diff under one comparison.
class DiffPlacer {
 public:
  DiffPlacer(const std::vector<Hunk>& hunks, const Compared& compared) : compared_(compared) {
    std::size_t first = 0;
    for (const Hunk& hunk : hunks) {
      all_.push_back({&hunk, first, hunk.lines.size()});
      first += hunk.lines.size();
    }
  }

  Attempt run() {
    for (ComparedHunk& hunk : all_) {
      auto rows = find_places(hunk, compared_);
      if (rows.empty()) {
        if (is_applied(hunk, compared_)) continue;
        return {Verdict::kAbsent, {}, absent(&hunk - all_.data())};
      }
      hunks_.push_back(hunk);
      candidates_.push_back(candidate_of(hunk, compared_, std::move(rows)));
    }
    if (hunks_.empty()) return {Verdict::kUnchanged, {}, {}};
    return place();
  }

 private:
  /// Returns why a hunk has no place, by its number in the diff if it has several.
  std::string absent(std::ptrdiff_t index) const {
    if (all_.size() == 1) return "the old lines of the hunk are not in the file";
    return fmt::format("the old lines of hunk {} are not in the file", index + 1);
  }

  Attempt place() {
    auto rows = choose_rows(candidates_);
    if (!rows) return {Verdict::kRefused, {}, rows.error()};
    Attempt attempt{Verdict::kPlaced, {}, {}};
    for (const std::size_t i : rows->order) {
      const std::size_t row = rows->rows[i];
      if (has_added(hunks_[i], compared_, row)) {
        return {Verdict::kRefused, {}, "what a hunk adds follows there already"};
      }
      add_edits(attempt.edits, hunks_[i], compared_, row);
    }
    return attempt;
  }

  const Compared& compared_;
  std::vector<ComparedHunk> all_;
  std::vector<ComparedHunk> hunks_;  // those that are not applied already
  std::vector<Candidate> candidates_;
};

/// Returns the edit that fills an empty file with a diff's new lines.
Result<std::vector<Edit>> new_file(const Lines& target, const std::vector<Hunk>& hunks) {
  Edit edit{0, target.size(), {}};
  for (const Hunk& hunk : hunks) {
    for (const auto& line : hunk.lines) {
      if (line.mark == '-') return refuse("the file is empty, but the diff removes lines from it");
      edit.lines.emplace_back(line.text);
    }
  }
  return std::vector<Edit>{std::move(edit)};
}

}  // namespace

Result<std::vector<Edit>> find_diff_edits(const Lines& target, std::string_view diff) {
  const auto read = read_hunks(text::split_buffer(diff));
  if (!read) return refuse(read.error());
  if (read->deletes_file) {
    return refuse("the diff deletes it", "delete the file yourself if that is right");
  }
  const auto& hunks = read->hunks;
  if (std::all_of(target.begin(), target.end(), text::is_blank)) return new_file(target, hunks);
  for (const Hunk& hunk : hunks) {
    if (hunk.old_lines().empty()) return refuse("a hunk shows no line that is in the file");
  }
  auto attempt = try_comparisons(
      target, all_lines(hunks), old_lines(hunks),
      [&](const Compared& compared) { return DiffPlacer(hunks, compared).run(); }, false);
  return std::move(attempt).map([](Attempt&& placed) { return std::move(placed.edits); });
}

}  // namespace chatvim::patch
