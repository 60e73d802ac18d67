// SPDX-License-Identifier: Apache-2.0
// Fuzzes documents as users, servers and other editors write them.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../buffer.hpp"
#include "chatvim/document/choose.hpp"
#include "chatvim/document/embed.hpp"
#include "chatvim/document/place.hpp"
#include "chatvim/document/restore.hpp"
#include "chatvim/text/lines.hpp"
#include "targets.hpp"

namespace chatvim::fuzz {

namespace {

using document::Format;
using testing::Buffer;
using Lines = std::vector<std::string_view>;
using Messages = std::vector<document::Message>;

void check_messages(const Messages& messages, std::size_t lines) {
  std::size_t from = 0;
  for (const auto& message : messages) {
    expect(!message.content.empty() || !message.answer.empty(), "an empty message is dropped");
    expect(message.line >= from && message.line < lines, "messages stand one after another");
    from = message.line + 1;
    for (const auto& part : message.answer) {
      if (part.kind != document::AnswerPart::Kind::kCall) continue;
      expect(part.call.line >= message.line && part.call.line < lines, "a call is in its message");
    }
    for (const auto& other : message.others) {
      expect(other.line >= message.line && other.line < other.end && other.end <= lines,
             "another answer is in its message");
    }
    for (const std::size_t line : message.broken_blocks) {
      expect(line >= message.line && line < lines, "a broken block is in its message");
    }
  }
}

void check_embeds(std::string_view content) {
  std::size_t from = 0;
  for (const auto& embed : document::find_embeds(content)) {
    expect(embed.offset >= from && embed.offset + embed.size <= content.size(),
           "an embed lies in its message, behind the one before");
    const std::string_view line = content.substr(embed.offset, embed.size);
    expect(line.find('\n') == std::string_view::npos, "an embed is one line");
    expect(line.find("![") <= 3, "an embed begins its line");
    from = embed.offset + embed.size;
  }
}

/// Chooses each of the other answers, which changes no message but its own.
void check_choices(const Lines& lines, const Messages& messages, std::size_t body_line,
                   const Format& format) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    for (const auto& other : messages[i].others) {
      const auto choice = document::choose_answer(lines, format, other.line + body_line);
      if (!choice) continue;
      std::string text;
      for (std::size_t row = 0; row < choice->first; ++row) text.append(lines[row]).append("\n");
      text += choice->text;
      for (std::size_t row = choice->end; row < lines.size(); ++row) {
        text.append("\n").append(lines[row]);
      }
      const Messages after = testing::messages_of(text, format);
      expect(after.size() == messages.size(), "a choice keeps the messages");
      expect(after[i].others.size() == messages[i].others.size(), "a choice keeps the answers");
      expect(after[i].content == testing::message_of(other.text, format),
             "the chosen answer is the answer");
    }
  }
}

void check_place(const Lines& lines, const document::Place& place) {
  expect(place.row < lines.size() && place.end_row < lines.size(), "a place is in the document");
  expect(place.column <= lines[place.row].size(), "a place starts inside its line");
  expect(place.end_column <= lines[place.end_row].size(), "a place ends inside its line");
  expect(
      place.row < place.end_row || (place.row == place.end_row && place.column <= place.end_column),
      "a place does not end before its start");
  expect(place.again <= place.kept.size(), "only kept text is written again");
}

/// Joins the lines with `
/// `, as in the buffer that Neovim shows.
std::string joined(const Lines& lines) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += '\n';
    out += lines[i];
  }
  return out;
}

}  // namespace

void document_read(std::string_view input) {
  const Format format;
  for (const Lines& lines : {text::split_file(input), text::split_buffer(input)}) {
    const auto front = document::find_front_matter(lines);
    expect(front.body_line <= lines.size(), "the body starts inside the document");
    const auto body = std::span(lines).subspan(front.body_line);
    const Messages messages = document::read_messages(body, format);
    check_messages(messages, body.size());
    // In a body that begins with a marker, lines that change their places may end front matter.
    const bool has_marker = front.body_line == 0 && !lines.empty() &&
                            (lines.front().starts_with("---") || lines.front().starts_with("+++"));
    if (!has_marker) check_choices(lines, messages, front.body_line, format);
    for (const auto& message : messages) check_embeds(message.content);
    if (const auto place = document::find_continuation(lines, format)) check_place(lines, *place);
    if (const auto place = document::find_retry(lines, format)) check_place(lines, *place);
    if (const auto place = document::find_resumption(lines, format)) check_place(lines, *place);
  }
  expect(joined(text::split_buffer(input)) == input, "a buffer's lines contain all of its text");
}

void document_write(std::string_view input) {
  const Format format;
  const std::string before(take_part(input));
  const std::string reasoning(take_part(input));
  const std::string answer(input);
  const Messages earlier = testing::messages_of(before, format);
  const std::string message = testing::message_of(answer, format);
  Messages expected = earlier;
  if (!message.empty()) expected.push_back({document::Role::kAssistant, message});

  std::string first;
  for (const auto& pieces : {std::vector{answer}, cut(answer), single_bytes(answer)}) {
    Buffer buffer(before, format);
    if (!reasoning.empty()) buffer.reasoning(reasoning);
    for (const std::string& piece : pieces) buffer.answer(piece);
    buffer.finish();
    expect(!buffer.misplaced(), "a delimiter starts its line");
    expect(buffer.text().starts_with(before), "the earlier text is unchanged");
    expect(testing::messages_of(buffer.text(), format) == expected,
           "the answer and the messages before it read back unchanged");
    if (first.empty()) first = buffer.text();
    expect(buffer.text() == first, "cuts do not change the written text");
    expect(buffer.writer().started() == (buffer.text() != before), "a change is reported");
    if (!buffer.writer().started()) continue;
    Messages next = expected;
    next.push_back({document::Role::kUser, "next"});
    expect(testing::messages_of(buffer.text() + "next", format) == next,
           "text written next is the user's");
  }
}

void document_restore(std::string_view input) {
  const Format format;
  const std::string document(take_part(input));
  const Lines lines = text::split_buffer(document);
  document::LostAnswer lost;
  lost.format = format;
  lost.lead = document::read_lead(lines, format);
  expect(lost.lead.at + lost.lead.text.size() <= document.size(), "a lead is in the document");
  Buffer buffer(document, format);
  for (const std::string& piece : cut(input)) buffer.answer(piece);
  lost.text = buffer.text().substr(document.size());
  lost.ending = buffer.writer().ending().text;

  const auto apply = [&lost](std::string text) {
    const auto edit = document::restore(text, lost);
    expect(edit.offset <= text.size() && edit.removed <= text.size() - edit.offset,
           "an edit is inside the document");
    return text.replace(edit.offset, edit.removed, edit.text);
  };
  const std::string whole = document + lost.text + lost.ending;
  expect(lost.text.empty() || apply(document) == whole, "a lost answer is restored in its place");
  for (const std::string_view part :
       {std::string_view(lost.text).substr(0, lost.text.size() / 2), std::string_view(lost.text)}) {
    const std::string again = apply(document + std::string(part));
    expect(lost.text.empty() || again == whole, "saved parts of an answer are not restored");
  }
  apply(std::string(input));  // another document: the edit must only be inside it
}

}  // namespace chatvim::fuzz
