// SPDX-License-Identifier: Apache-2.0
#include "chatvim/patch/edits.hpp"

#include "chatvim/text/lines.hpp"
#include "hunks.hpp"
#include "left_out.hpp"
#include "refusal.hpp"
#include "reindent.hpp"
#include "text_block.hpp"

namespace chatvim::patch {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kText:
      return "text";
    case Kind::kDiff:
      return "diff";
    case Kind::kWhole:
      return "whole";
  }
  return "";
}

Result<std::vector<Edit>> find_edits(std::string_view target, const Proposal& proposal) {
  const Lines lines = text::split_buffer(target);
  if (proposal.kind == Kind::kDiff) {
    auto edits = find_diff_edits(lines, proposal.block);
    if (edits && adds_omission(lines, *edits)) {
      return refuse("a line that it adds stands for omitted code", "ask for the whole diff");
    }
    return edits;
  }
  const auto written = with_tabs_of(lines, text::split_buffer(proposal.block));
  const Lines block(written.begin(), written.end());
  if (proposal.kind == Kind::kWhole) return find_whole_edits(lines, block);
  return find_text_edits(lines, block, proposal.quoted);
}

}  // namespace chatvim::patch
