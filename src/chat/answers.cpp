// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/answers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/document/choose.hpp"
#include "chatvim/document/writer.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::chat {

namespace {

Error bad_argument(std::string message) { return {ErrorCode::kBadArguments, std::move(message)}; }

std::vector<std::string> split(std::string_view text) {
  const auto lines = text::split_buffer(text);
  return {lines.begin(), lines.end()};
}

/// Converts text to append to a document to an edit. It touches the last line only if it must.
LineEdit append_text(std::span<const std::string_view> lines, std::string_view text) {
  const std::size_t count = lines.size();
  if (count > 0 && text.starts_with('\n')) return {count, count, split(text.substr(1))};
  const std::size_t last = count == 0 ? 0 : count - 1;
  return {last, count, split(std::string(count == 0 ? "" : lines.back()).append(text))};
}

std::string_view sentence_of(document::NoChoice why) {
  switch (why) {
    case document::NoChoice::kNoOther:
      break;
    case document::NoChoice::kEmpty:
      return "Choose another answer: this one has no text.";
    case document::NoChoice::kHasBlocks:
      return "Copy the text that you want: an answer with tool calls cannot be folded into another "
             "one.";
  }
  return "Put the cursor on another answer, a block that begins with \"Answer:\": there is none "
         "here.";
}

}  // namespace

bool wants_provenance(const Chat& chat) {
  return chat.settings.boolean("provenance").value_or(false);
}

Result<LineEdit> append_answers(const Chat& chat, std::span<const std::string_view> lines,
                                std::vector<document::OtherAnswer> answers) {
  if (auto checked = check_answerable(chat); !checked) return tl::unexpected(checked.error());
  if (answers.empty() || text::is_blank(answers.front().text)) {
    return tl::unexpected(bad_argument("The answer that counts has no text: choose another one."));
  }
  answers.erase(std::remove_if(answers.begin(), answers.end(),
                               [](const auto& one) { return text::is_blank(one.text); }),
                answers.end());
  if (!wants_provenance(chat)) {
    for (auto& one : answers) one.provenance = {std::move(one.provenance.model)};
  }
  document::ReplyWriter writer(chat.format, chat.tail);
  std::string text = writer.answer(answers.front().text).text;
  document::AnswerEnd end{std::move(answers.front().provenance)};
  end.others.assign(std::make_move_iterator(answers.begin() + 1),
                    std::make_move_iterator(answers.end()));
  text += writer.finish(end).text;
  return append_text(lines, text);
}

Result<LineEdit> choose_answer(const Chat& chat, std::span<const std::string_view> lines,
                               std::size_t row) {
  auto choice = document::choose_answer(lines, chat.format, row);
  if (!choice) return tl::unexpected(bad_argument(std::string(sentence_of(choice.error()))));
  return LineEdit{choice->first, choice->end, split(choice->text)};
}

Result<LineEdit> set_title(std::span<const std::string_view> lines, std::string_view title) {
  const std::string line = text::printable_line(title, kMostTitle);
  if (line.empty()) return tl::unexpected(bad_argument("Write a title: it is empty."));
  return set_value(lines, "title", line);
}

}  // namespace chatvim::chat
