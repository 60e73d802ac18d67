// SPDX-License-Identifier: Apache-2.0
// Fuzzes code blocks: the blocks of an answer, and what a block means for a file. The parts of an
// input are the file, the block, and perhaps lines that the user quoted.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../buffer.hpp"
#include "chatvim/patch/blocks.hpp"
#include "chatvim/patch/edits.hpp"
#include "chatvim/text/lines.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

void check_edits(std::string_view target, const patch::Proposal& proposal) {
  const auto found = patch::find_edits(target, proposal);
  if (!found) {
    expect(!found.error().message.empty(), "a refusal is a sentence");
    return;
  }
  expect(!found->empty(), "there is an edit");
  const std::size_t size = text::split_buffer(target).size();
  std::size_t last = 0;
  for (const patch::Edit& edit : *found) {
    expect(edit.first >= last, "edits ascend and do not overlap");
    expect(edit.first <= edit.last && edit.last <= size, "an edit is within the target");
    expect(edit.first < edit.last || !edit.lines.empty(), "an edit changes something");
    last = edit.last;
    for (const std::string& line : edit.lines) {
      expect(line.find('\n') == std::string::npos, "a line is one line");
    }
  }
}

void check_blocks(std::string_view answer) {
  const std::string text = "Q\n\nsrc/a.c:1\n```c\nint a;\n```\n\n# === ASSISTANT ===\n\n" +
                           testing::clean(std::string(answer));
  const auto messages = testing::messages_of(text);
  const std::size_t lines = text::split_buffer(text).size();
  const auto blocks = patch::read_blocks(messages, std::nullopt);
  if (!blocks) return;
  std::size_t first = 0;
  for (const patch::Block& block : *blocks) {
    expect(block.first >= first && block.first < block.last, "blocks ascend");
    expect(block.last <= lines, "a block is within the chat");
    expect(block.path.empty() == (block.path_from == patch::PathSource::kNone),
           "a path comes from somewhere");
    first = block.first;
  }
}

}  // namespace

void patch(std::string_view input) {
  const std::string_view target = take_part(input);
  const std::string_view block = take_part(input);
  check_blocks(block);
  for (const auto kind : {patch::Kind::kText, patch::Kind::kDiff}) {
    check_edits(target, {block, kind});
    if (!input.empty()) check_edits(target, {block, kind, input});
  }
}

}  // namespace chatvim::fuzz
