// SPDX-License-Identifier: Apache-2.0
#include "chatvim/patch/blocks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "block_path.hpp"
#include "chatvim/json.hpp"
#include "chatvim/text/lines.hpp"
#include "fenced.hpp"
#include "quotes.hpp"
#include "split_diff.hpp"

namespace chatvim::patch {
namespace {

using document::AnswerPart;
using document::Message;
using document::Role;

constexpr std::string_view kProposeTool = "files.propose";

tl::unexpected<Error> bad(std::string sentence) {
  return tl::unexpected(Error{ErrorCode::kBadArguments, std::move(sentence)});
}

/// Returns the index of the line after the last of a message.
std::size_t end_of(const Message& message) {
  if (!message.answer.empty()) return message.answer.back().end;
  const auto breaks = std::count(message.content.begin(), message.content.end(), '\n');
  return message.line + static_cast<std::size_t>(breaks) + 1;
}

/// Returns the index of the answer that holds a line, or of the last answer.
std::optional<std::size_t> find_answer(std::span<const Message> messages,
                                       std::optional<std::size_t> row) {
  for (std::size_t i = messages.size(); i-- > 0;) {
    const bool is_answer = messages[i].role == Role::kAssistant;
    if (!row) {
      if (is_answer) return i;
      continue;
    }
    const std::size_t begin = i == 0 ? 0 : end_of(messages[i - 1]);
    const std::size_t first = is_answer ? begin : messages[i].line;
    if (*row >= first) return is_answer ? std::optional(i) : std::nullopt;
  }
  return std::nullopt;
}

/// Returns the nearest line above a block that is not blank, or "".
std::string_view line_above(const std::vector<std::string_view>& lines, std::size_t row) {
  while (row > 0 && text::is_blank(lines[row - 1])) --row;
  return row == 0 ? std::string_view() : lines[row - 1];
}

void set_path(Block& block, std::string path, PathSource source) {
  if (!block.path.empty() || path.empty()) return;
  block.path = std::move(path);
  block.path_from = source;
}

/// Adds a diff: a block for each of its files.
void add_diff(std::vector<Block>& blocks, const Block& whole) {
  for (FileDiff& part : split_diff(whole.text)) {
    Block block = whole;
    block.text = std::move(part.text);
    if (!part.path.empty()) {
      block.path.clear();
      set_path(block, std::move(part.path), PathSource::kDiff);
    }
    blocks.push_back(std::move(block));
  }
}

void add(std::vector<Block>& blocks, Block block) {
  const bool named = block.language == "diff" || block.language == "patch";
  if (named || looks_like_diff(block.text)) block.kind = Kind::kDiff;
  if (block.kind == Kind::kDiff) return add_diff(blocks, block);
  blocks.push_back(std::move(block));
}

/// Adds the fenced blocks of a text whose first line is line `line` of the chat.
void add_fenced(std::vector<Block>& blocks, std::string_view text, std::size_t line) {
  const auto lines = text::split_buffer(text);
  std::size_t end_of_last = 0;
  for (Fenced& fenced : find_fenced(lines)) {
    Info info = read_info(fenced.info);
    Block block;
    block.first = line + fenced.first;
    block.last = line + fenced.last;
    block.language = std::move(info.language);
    block.text = std::move(fenced.text);
    set_path(block, std::move(info.path), PathSource::kInfo);
    // The closing fence of the block before is no label.
    const std::vector<std::string_view> between(
        lines.begin() + static_cast<std::ptrdiff_t>(end_of_last),
        lines.begin() + static_cast<std::ptrdiff_t>(fenced.first));
    set_path(block, read_label(line_above(between, between.size())), PathSource::kLabel);
    end_of_last = fenced.last;
    add(blocks, std::move(block));
  }
}

/// Adds the block of a call of the tool that proposes text; calls with wrong arguments have none.
void add_proposal(std::vector<Block>& blocks, const AnswerPart& part) {
  if (part.call.tool != kProposeTool || !part.call.is_json) return;
  if (part.call.outcome == document::ToolCall::Outcome::kError) return;
  const Json arguments = Json::parse(part.call.arguments, nullptr, false);
  if (!arguments.is_object()) return;
  const auto string = [&](const char* key) -> std::optional<std::string> {
    const auto found = arguments.find(key);
    if (found == arguments.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
  };
  const auto path = string("path");
  const auto text = string("text");
  const auto diff = string("diff");
  if (!path || path->empty() || text.has_value() == diff.has_value()) return;
  Block block;
  block.first = part.line;
  block.last = part.end;
  // By the tool's contract a text is the whole new file.
  block.kind = diff ? Kind::kDiff : Kind::kWhole;
  block.text = diff ? *diff : *text;
  if (block.text.ends_with('\n')) block.text.pop_back();
  set_path(block, *path, PathSource::kTool);
  blocks.push_back(std::move(block));
}

std::vector<Block> blocks_of(const Message& answer) {
  std::vector<Block> blocks;
  if (answer.answer.empty()) add_fenced(blocks, answer.content, answer.line);
  for (const AnswerPart& part : answer.answer) {
    if (part.kind == AnswerPart::Kind::kText) add_fenced(blocks, part.text, part.line);
    if (part.kind == AnswerPart::Kind::kCall) add_proposal(blocks, part);
  }
  return blocks;
}

/// The files that each message of the user names that names any, the nearest message first.
using FilesAbove = std::vector<std::vector<NamedFile>>;

FilesAbove files_above(std::span<const Message> above) {
  FilesAbove all;
  for (std::size_t i = above.size(); i-- > 0;) {
    auto files = above[i].role == Role::kUser ? named_files(above[i]) : std::vector<NamedFile>();
    if (!files.empty()) all.push_back(std::move(files));
  }
  return all;
}

/// Sets the path if the nearest message that names files names only one.
void set_path_of_quote(Block& block, const FilesAbove& above) {
  if (!block.path.empty() || above.empty()) return;
  const auto& files = above.front();
  const bool is_one = std::all_of(files.begin(), files.end(), [&](const NamedFile& file) {
    return can_be_same_file(file.path, files.front().path);
  });
  if (is_one) set_path(block, files.front().path, PathSource::kQuote);
}

/// Sets the lines that the user quoted of the block's file, from the nearest message that quotes
/// it, if that quotes it once.
void set_quote(Block& block, const FilesAbove& above) {
  if (block.path.empty()) return;
  for (const auto& files : above) {
    std::vector<const NamedFile*> quotes;
    for (const NamedFile& file : files) {
      if (file.text && can_be_same_file(file.path, block.path)) quotes.push_back(&file);
    }
    if (quotes.size() == 1) block.quoted = quotes.front()->text;
    if (!quotes.empty()) return;
  }
}

}  // namespace

std::string_view name_of(PathSource source) {
  switch (source) {
    case PathSource::kNone:
      return "";
    case PathSource::kInfo:
      return "info";
    case PathSource::kLabel:
      return "label";
    case PathSource::kDiff:
      return "diff";
    case PathSource::kQuote:
      return "quote";
    case PathSource::kTool:
      return "tool";
  }
  return "";
}

Result<std::vector<Block>> read_blocks(std::span<const Message> messages,
                                       std::optional<std::size_t> row) {
  const auto index = find_answer(messages, row);
  if (!index) {
    return bad(row ? "Put the cursor on an answer: only answers have blocks to apply."
                   : "There is no answer yet whose code could be applied.");
  }
  std::vector<Block> blocks = blocks_of(messages[*index]);
  if (blocks.empty()) {
    return bad("This answer has no code block: ask for the change as one, with the file's path.");
  }
  const FilesAbove above = files_above(messages.first(*index));
  for (Block& block : blocks) {
    set_path_of_quote(block, above);
    set_quote(block, above);
  }
  return blocks;
}

}  // namespace chatvim::patch
