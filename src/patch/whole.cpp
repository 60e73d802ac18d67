// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "line_kind.hpp"
#include "place.hpp"

namespace chatvim::patch {
namespace {

/// Equal lines in a row at an end of the target that prove that the block shows that end.
constexpr std::size_t kProvingRun = 3;

/// One end of the target, seen from there.
struct FileEnd {
  std::size_t missing = 0;    ///< lines of the target before the first one that is kept
  std::size_t shown = 0;      ///< lines of the block before that
  std::size_t run = 0;        ///< lines kept from there on, up to the next change
  bool is_unique = false;     ///< the target has the first of those once
  bool next_grows = true;     ///< the next change removes no more lines than it adds
  std::size_t next_size = 0;  ///< lines that it removes
  std::size_t next_run = 0;   ///< lines kept after it
};

bool shows(const FileEnd& end, std::string_view target_line, std::string_view block_line) {
  if (end.missing == 1 && end.shown == 1) {
    return end.run >= kProvingRun && are_similar(target_line, block_line);
  }
  if (end.missing > 0) return false;
  const bool next_is_close =
      end.next_grows && end.next_size <= kProvingRun && end.next_run >= kProvingRun;
  return end.run >= kProvingRun || (end.run > 0 && (end.is_unique || next_is_close));
}

/// Looks at the end of the target at which `changes` begins; `size` is the number of its lines.
FileEnd look(const std::vector<Change>& changes, std::size_t size) {
  FileEnd end;
  std::size_t row = 0;
  std::size_t i = 0;
  if (!changes.empty() && changes[0].first == 0) {
    end.missing = changes[0].removed();
    end.shown = changes[0].added();
    row = changes[0].last;
    i = 1;
  }
  const std::size_t next = i < changes.size() ? changes[i].first : size;
  end.run = next - row;
  if (i == changes.size()) return end;
  end.next_grows = changes[i].removed() <= changes[i].added();
  end.next_size = changes[i].removed();
  end.next_run = (i + 1 < changes.size() ? changes[i + 1].first : size) - changes[i].last;
  return end;
}

/// Returns the changes as seen from the other end.
std::vector<Change> reversed(const std::vector<Change>& changes, std::size_t size,
                             std::size_t block_size) {
  std::vector<Change> out;
  for (auto it = changes.rbegin(); it != changes.rend(); ++it) {
    out.push_back({size - it->last, size - it->first, block_size - it->block_last,
                   block_size - it->block_first});
  }
  return out;
}

/// Whether at least four of five lines with words are kept; half of them if no change removes more
/// lines than it adds.
bool keeps_most(const Compared& compared, const std::vector<Change>& changes) {
  const Lines& lines = *compared.target_lines;
  const auto count = [&](std::size_t first, std::size_t last) {
    return std::count_if(lines.begin() + static_cast<std::ptrdiff_t>(first),
                         lines.begin() + static_cast<std::ptrdiff_t>(last), has_words);
  };
  std::ptrdiff_t removed = 0;
  bool shrinks = false;
  for (const Change& change : changes) {
    removed += count(change.first, change.last);
    shrinks = shrinks || change.removed() > change.added();
  }
  return removed * (shrinks ? 5 : 2) <= count(0, lines.size());
}

}  // namespace

Placement place_whole(const Compared& compared) {
  Placement placement;
  const std::size_t size = compared.target.size();
  const std::size_t block_size = compared.block.size();
  auto changes = align(compared.target, compared.block);
  FileEnd head = look(changes, size);
  head.is_unique = compared.is_unique(compared.target.front());
  FileEnd tail = look(reversed(changes, size, block_size), size);
  tail.is_unique = compared.is_unique(compared.target.back());
  const Lines& lines = *compared.target_lines;
  if (!shows(head, lines.front(), compared.block_lines.front()) ||
      !shows(tail, lines.back(), compared.block_lines.back()) || !keeps_most(compared, changes)) {
    return placement;
  }
  placement.verdict =
      changes.empty() ? Placement::Verdict::kUnchanged : Placement::Verdict::kPlaced;
  placement.last = size;
  placement.is_whole = true;
  placement.changes = std::move(changes);
  return placement;
}

}  // namespace chatvim::patch
