// SPDX-License-Identifier: Apache-2.0
#include "try_comparisons.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "refusal.hpp"

namespace chatvim::patch {
namespace {

using Verdict = Placement::Verdict;

/// Whether a changed line differs from what it replaces only in its indentation: then the
/// indentation of the block does not differ by a constant.
bool is_uneven(const Lines& target, const std::vector<Edit>& edits) {
  return std::any_of(edits.begin(), edits.end(), [&](const Edit& edit) {
    std::set<std::string_view> removed;
    for (std::size_t i = edit.first; i < edit.last; ++i) removed.insert(text::trim(target[i]));
    removed.erase("");
    return std::any_of(edit.lines.begin(), edit.lines.end(), [&](const std::string& line) {
      return removed.count(text::trim(line)) > 0;
    });
  });
}

Result<Attempt> fits_more() {
  return refuse("with its indentation it fits more than one place of the file");
}

Result<Attempt> conclude(Attempt attempt) {
  const bool placed = attempt.verdict == Verdict::kPlaced || attempt.verdict == Verdict::kUnchanged;
  if (!placed) {
    return refuse(attempt.why.empty() ? "the first or last line of the block is not in the file"
                                      : attempt.why);
  }
  if (attempt.edits.empty()) return already_so();
  return attempt;
}

}  // namespace

Result<Attempt> try_comparisons(const Lines& target, const Lines& block, const Lines& known,
                                const std::function<Attempt(const Compared&)>& attempt,
                                bool checks_shifts) {
  std::vector<Attempt> shifted;
  Attempt unclear;
  std::optional<Attempt> exact;  // with the block's own indentation
  for (const Comparison& how : comparisons(target, known)) {
    const auto compared = compare(target, block, how);
    if (!compared) continue;
    Attempt one = attempt(*compared);
    if (one.verdict == Verdict::kAbsent) {
      if (unclear.why.empty()) unclear.why = std::move(one.why);
      continue;
    }
    if (!how.shifts()) {
      exact = exact ? std::move(exact) : std::move(one);
      const bool is_certain = exact->verdict != Verdict::kPlaced || exact->is_whole;
      if (!checks_shifts || is_certain) return conclude(std::move(*exact));
      continue;
    }
    if (exact) {
      const bool is_elsewhere = one.first != exact->first || one.last != exact->last;
      if (one.verdict == Verdict::kPlaced && is_elsewhere) return fits_more();
      continue;
    }
    if (one.verdict == Verdict::kUnchanged) {
      one = {Verdict::kRefused, {}, "the file has it, but with another indentation"};
    } else if (one.verdict == Verdict::kPlaced && is_uneven(target, one.edits)) {
      one = {
          Verdict::kRefused, {}, "its indentation does not differ by the same amount everywhere"};
    }
    if (one.verdict == Verdict::kRefused) {
      unclear = std::move(one);
    } else if (std::none_of(shifted.begin(), shifted.end(),
                            [&](const Attempt& other) { return other.edits == one.edits; })) {
      shifted.push_back(std::move(one));
    }
  }
  if (exact) return conclude(std::move(*exact));
  const bool is_unclear = unclear.verdict == Verdict::kRefused;
  if (shifted.size() > 1 || (shifted.size() == 1 && is_unclear)) {
    return fits_more();
  }
  return conclude(shifted.empty() ? std::move(unclear) : std::move(shifted.front()));
}

}  // namespace chatvim::patch
