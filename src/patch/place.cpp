// SPDX-License-Identifier: Apache-2.0
#include "place.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "ends.hpp"
#include "line_kind.hpp"
#include "rivals.hpp"
#include "runs.hpp"

namespace chatvim::patch {
namespace {

using Verdict = Placement::Verdict;

/// Lines with words at the ends of a block that prove its place, whatever is between them.
constexpr std::size_t kManyWords = 4;

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
  void check_place();
  void check_amount();
  void check_evidence();
  void refuse(std::string why) {
    if (placement_.verdict != Verdict::kRefused) placement_.why = std::move(why);
    placement_.verdict = Verdict::kRefused;
  }

  const Compared& compared_;
  std::size_t block_first_;
  std::size_t block_last_;
  Ids block_;
  End start_;
  End end_;
  Placement placement_;
};

Placement FragmentPlacer::run() {
  if (!find_ends()) return placement_;
  check_place();
  if (placement_.verdict == Verdict::kRefused) return placement_;
  placement_.verdict = Verdict::kPlaced;
  const std::span<const std::uint32_t> target(compared_.target);
  placement_.changes =
      align(target.subspan(placement_.first, placement_.last - placement_.first), block_);
  check_amount();
  check_evidence();
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
  const auto starts = runs_from(compared_.target, block_);
  const auto ends = runs_up_to(compared_.target, block_);
  start_ = find_end(starts, [&](std::size_t i) { return compared_.is_unique(block_[i]); });
  end_ = find_end(ends, [&](std::size_t i) { return compared_.is_unique(block_[size() - 1 - i]); });
  if (start_.run == size()) {
    placement_.verdict = Verdict::kUnchanged;
    placement_.first = start_.row;
    placement_.last = start_.row + size();
    return false;
  }
  if (!has_any_words()) refuse("it has no line that says where it belongs");
  if (start_.count == 0 || end_.count == 0) return false;
  placement_.is_unit = is_unit(compared_, block_first_, block_last_);
  if (start_.is_found() && !end_.is_found()) {
    const auto row = end_of_unit(compared_, start_.row, block_first_, block_last_);
    if (row) end_ = {End::State::kFound, *row, 1, 1};
  }
  if (!start_.is_found()) refuse("its first lines stand in the file more than once");
  if (!end_.is_found()) refuse("its last lines stand in the file more than once");
  return placement_.verdict != Verdict::kRefused;
}

void FragmentPlacer::check_place() {
  placement_.first = start_.row;
  placement_.last = end_.row + 1;
  if (end_.row <= start_.row) {
    return refuse("its last line stands above its first one in the file");
  }
  if (has_rival(compared_.target, block_, start_, end_)) {
    refuse("it could be inserted at more than one place");
  }
}

/// More than a block shows is not removed.
void FragmentPlacer::check_amount() {
  std::size_t removed = 0;
  for (const Change& change : placement_.changes) removed += change.removed();
  if (removed > size()) refuse("it would remove more lines than it shows");
}

/// The lines at the ends, or what is kept between them, must have enough words not to be there by
/// accident.
void FragmentPlacer::check_evidence() {
  if (placement_.is_unit && start_.count == 1) return;
  const std::size_t lines = placement_.last - placement_.first;
  std::size_t kept = lines;
  for (const Change& change : placement_.changes) kept -= change.removed();
  std::size_t words = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    const bool is_end = i < start_.run || i + end_.run >= size();
    if (is_end && has_words(line(i))) ++words;
  }
  const bool mostly_kept = kept * 2 >= std::min(lines, size());
  if (words < 2 || (words < kManyWords && !mostly_kept)) {
    refuse("too few of its lines stand in the file");
  }
}

}  // namespace

Placement place_fragment(const Compared& compared, std::size_t first, std::size_t last) {
  return FragmentPlacer(compared, first, last).run();
}

}  // namespace chatvim::patch
