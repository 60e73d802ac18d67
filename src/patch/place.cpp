// SPDX-License-Identifier: Apache-2.0
#include "place.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "ends.hpp"
#include "line_kind.hpp"
#include "members.hpp"
#include "rivals.hpp"
#include "runs.hpp"

namespace chatvim::patch {
namespace {

using Verdict = Placement::Verdict;

/// Lines with words at the ends of a block that prove its place, whatever is between them.
constexpr std::size_t kManyWords = 4;
/// A change of so many lines, and as many equal ones below it, support an end of one line.
constexpr std::size_t kClose = 3;
/// Equal lines that make another place a rival of one that adds lines.
constexpr std::size_t kRivalRun = 2;
/// Lines of a block that the target has elsewhere, and only there, so that they were moved.
constexpr std::size_t kMoved = 3;

/// Places one fragment.
class FragmentPlacer {
 public:
  FragmentPlacer(const Compared& compared, std::size_t first, std::size_t last)
      : compared_(compared),
        block_first_(first),
        block_last_(last),
        block_(compared.block.begin() + static_cast<std::ptrdiff_t>(first),
               compared.block.begin() + static_cast<std::ptrdiff_t>(last)) {}

  Placement run();

 private:
  std::size_t size() const { return block_.size(); }
  const std::string& line(std::size_t i) const { return compared_.block_lines[block_first_ + i]; }
  bool has_any_words() const {
    return std::any_of(compared_.block_lines.begin() + static_cast<std::ptrdiff_t>(block_first_),
                       compared_.block_lines.begin() + static_cast<std::ptrdiff_t>(block_last_),
                       [](const std::string& one) { return has_words(one); });
  }
  bool find_ends();
  void choose_ends();
  void check_rivals();
  bool has_near_end(const EndRows& rows, std::size_t chosen) const;
  bool slides(const EndRows& rows, std::size_t chosen) const;
  void check_near_ends();
  void check_amount();
  void check_evidence();
  bool is_supported(bool at_end) const;
  bool extends_end() const;
  bool is_near(std::uint32_t id) const;
  void check_moved();
  void refuse(std::string why) {
    if (placement_.verdict != Verdict::kRefused) placement_.why = std::move(why);
    placement_.verdict = Verdict::kRefused;
  }

  const Compared& compared_;
  std::size_t block_first_;
  std::size_t block_last_;
  Ids block_;
  EndRows starts_;  // where its first line may stand
  EndRows stops_;   // and its last one
  Ends ends_;
  Placement placement_;
};

Placement FragmentPlacer::run() {
  if (!find_ends()) return placement_;
  placement_.verdict = Verdict::kPlaced;
  placement_.first = ends_.first;
  placement_.last = ends_.last + 1;
  const std::span<const std::uint32_t> target(compared_.target);
  placement_.changes =
      align(target.subspan(placement_.first, placement_.last - placement_.first), block_);
  check_rivals();
  check_near_ends();
  check_amount();
  check_evidence();
  check_moved();
  for (Change& change : placement_.changes) {
    change.first += placement_.first;
    change.last += placement_.first;
    change.block_first += block_first_;
    change.block_last += block_first_;
  }
  return placement_;
}

/// Returns false if there is nothing further to check.
bool FragmentPlacer::find_ends() {
  starts_ = end_rows(runs_from(compared_.target, block_));
  stops_ = end_rows(runs_up_to(compared_.target, block_));
  const auto whole = std::find(starts_.runs.begin(), starts_.runs.end(), size());
  if (whole != starts_.runs.end()) {
    placement_.verdict = Verdict::kUnchanged;
    placement_.first = static_cast<std::size_t>(whole - starts_.runs.begin());
    placement_.last = placement_.first + size();
    return false;
  }
  if (starts_.count == 0 || stops_.count == 0) return false;
  if (!has_any_words()) refuse("it has no line that says where it belongs");
  placement_.is_unit = is_unit(compared_, block_first_, block_last_);
  choose_ends();
  return placement_.verdict != Verdict::kRefused;
}

void FragmentPlacer::choose_ends() {
  if (starts_.is_single()) {
    const std::size_t first = starts_.strong.front();
    const auto last = end_of_unit(compared_, stops_, first, block_first_, block_last_);
    if (last) {
      ends_ = {first, *last, starts_.runs[first], stops_.runs[*last]};
      return;
    }
  }
  const auto pairs = pair_ends(starts_, stops_, size());
  if (pairs.size() == 1) {
    ends_ = pairs.front();
  } else if (pairs.size() > 1) {
    refuse("its first and last lines stand in the file more than once");
  } else if (starts_.strong.empty()) {
    refuse("its first lines stand in the file more than once");
  } else if (stops_.strong.empty()) {
    refuse("its last lines stand in the file more than once");
  } else {
    refuse("its last lines do not stand below its first ones in the file");
  }
}

/// A block that only removes lines could as well insert its own elsewhere.
void FragmentPlacer::check_rivals() {
  const bool adds = std::any_of(placement_.changes.begin(), placement_.changes.end(),
                                [](const Change& change) { return change.added() > 0; });
  if (has_rival(compared_.target, block_, ends_, {starts_, stops_, adds ? kRivalRun : 1})) {
    refuse("it could be inserted at more than one place");
  }
}

/// Whether an end may as well be at a line that would be removed: as many lines are equal there,
/// but for one.
bool FragmentPlacer::has_near_end(const EndRows& rows, std::size_t chosen) const {
  const std::size_t least = std::max(rows.runs[chosen] - 1, kRivalRun);
  const auto begin = rows.runs.begin() + static_cast<std::ptrdiff_t>(placement_.first);
  return std::any_of(placement_.changes.begin(), placement_.changes.end(),
                     [&](const Change& change) {
                       return std::any_of(begin + static_cast<std::ptrdiff_t>(change.first),
                                          begin + static_cast<std::ptrdiff_t>(change.last),
                                          [least](std::size_t run) { return run >= least; });
                     });
}

/// Whether an end stands next to a line that could be that end. Only lines with a word are looked
/// at.
bool FragmentPlacer::slides(const EndRows& rows, std::size_t chosen) const {
  if (!has_words((*compared_.target_lines)[chosen])) return false;
  const auto& runs = rows.runs;
  return (chosen > 0 && runs[chosen - 1] > 0) || (chosen + 1 < runs.size() && runs[chosen + 1] > 0);
}

void FragmentPlacer::check_near_ends() {
  // If one end is a single line, the context may be as short at the other.
  const bool is_loose = (ends_.first_run == 1 && slides(stops_, ends_.last)) ||
                        (ends_.last_run == 1 && slides(starts_, ends_.first));
  if (is_loose && !placement_.changes.empty()) {
    return refuse("its first or last line stands there twice");
  }
  if (has_near_end(starts_, ends_.first) || has_near_end(stops_, ends_.last)) {
    refuse("its first or last lines stand there more than once");
  }
}

/// More than a block shows is not removed.
void FragmentPlacer::check_amount() {
  std::size_t removed = 0;
  for (const Change& change : placement_.changes) removed += change.removed();
  if (removed > size()) refuse("it would remove more lines than it shows");
}

/// Whether one line that is equal at an end is enough: then a small change follows, and more equal
/// lines.
bool FragmentPlacer::is_supported(bool at_end) const {
  if ((at_end ? ends_.last_run : ends_.first_run) > 1) return true;
  const auto& changes = placement_.changes;
  if (changes.empty()) return true;
  const std::size_t size = placement_.last - placement_.first;
  const Change& change = at_end ? changes.back() : changes.front();
  std::size_t below = size - change.last;
  if (at_end) {
    below = change.first - (changes.size() > 1 ? changes[changes.size() - 2].last : 0);
  } else if (changes.size() > 1) {
    below = changes[1].first - change.last;
  }
  return change.removed() <= kClose && below >= kClose;
}

/// Whether the block is all of the target from a line on that stands there once, down to its last
/// line, and only adds lines to that.
bool FragmentPlacer::extends_end() const {
  const auto& changes = placement_.changes;
  return starts_.is_single() && placement_.last == compared_.target.size() &&
         placement_.last - placement_.first >= 2 &&
         std::all_of(changes.begin(), changes.end(),
                     [](const Change& change) { return change.removed() == 0; });
}

/// The lines at the ends, or what is kept between them, must have enough words not to be there by
/// accident.
void FragmentPlacer::check_evidence() {
  if (placement_.is_unit && has_words(line(0))) return;
  const std::size_t lines = placement_.last - placement_.first;
  std::size_t kept = lines;
  for (const Change& change : placement_.changes) kept -= change.removed();
  std::size_t words = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    const bool is_end = i < ends_.first_run || i + ends_.last_run >= size();
    if (is_end && has_words(line(i))) ++words;
  }
  if (words > 0 && extends_end()) return;
  const bool mostly_kept = kept * 2 >= std::min(lines, size());
  const bool supported = is_supported(false) && is_supported(true);
  if (words < 2 || !supported || (words < kManyWords && !mostly_kept)) {
    refuse("too few of its lines stand in the file");
  }
}

/// Whether a line stands once in the target, and near the place.
bool FragmentPlacer::is_near(std::uint32_t id) const {
  const auto& target = compared_.target;
  const std::size_t begin = placement_.first - std::min(placement_.first, size());
  const std::size_t end = std::min(placement_.last + size(), target.size());
  return std::find(target.begin() + static_cast<std::ptrdiff_t>(begin),
                   target.begin() + static_cast<std::ptrdiff_t>(end),
                   id) != target.begin() + static_cast<std::ptrdiff_t>(end);
}

/// A block that brings lines from elsewhere in the file may be the whole file, or show a move of
/// which only one half is known.
void FragmentPlacer::check_moved() {
  // A whole function says where it ends, whatever it repeats.
  const bool is_function =
      is_member_head(*compared_.target_lines, placement_.first) && !opens_container(line(0));
  const bool is_closed = placement_.is_unit && is_closer(line(size() - 1));
  if (is_function && is_closed && starts_.is_single()) return;
  std::size_t moved = 0;
  std::size_t added = 0;
  const auto& uses = compared_.uses;
  std::vector<bool> inside(uses.size());
  for (std::size_t row = placement_.first; row < placement_.last; ++row) {
    inside[compared_.target[row]] = true;
  }
  for (const Change& change : placement_.changes) {
    for (std::size_t i = change.block_first; i < change.block_last; ++i) {
      if (has_words(line(i))) ++added;
      if (uses[block_[i]] != 1 || inside[block_[i]] || !has_words(line(i))) continue;
      const bool at_end =
          block_[i] == compared_.target.front() || block_[i] == compared_.target.back();
      moved += at_end || is_near(block_[i]) ? kMoved : 1;
      if (moved >= kMoved) return refuse("it repeats lines that stand elsewhere in the file");
    }
  }
  if (moved > 0 && moved == added) refuse("it repeats lines that stand elsewhere in the file");
}

}  // namespace

Placement place_fragment(const Compared& compared, std::size_t first, std::size_t last) {
  return FragmentPlacer(compared, first, last).run();
}

}  // namespace chatvim::patch
