// SPDX-License-Identifier: Apache-2.0
#include "stream.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_fields.hpp"

namespace chatvim::lsp {

namespace {

/// Time between edits.
constexpr std::chrono::milliseconds kPause{250};
/// Edits in a row that a client may refuse, mostly because the user has just typed.
constexpr int kMostRefused = 40;
/// How long the change of an applied edit may take to come.
constexpr std::chrono::seconds kPatience{3};
constexpr std::string_view kBlank = " \t\n";

/// Returns the place behind a text that begins at `start`.
Position behind(Position start, std::string_view text) {
  const auto breaks = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (breaks == 0) return {start.line, start.byte + text.size()};
  return {start.line + breaks, text.size() - text.rfind('\n') - 1};
}

/// Moves a place that an edit before it has moved. One inside the replaced text goes to its start.
Position moved(Position place, const Edit& edit) {
  if (place <= edit.range.start) return place;
  if (place < edit.range.end) return edit.range.start;
  if (place.line > edit.range.end.line) {
    return {place.line - edit.range.end.line + edit.new_end.line, place.byte};
  }
  return {edit.new_end.line, place.byte - edit.range.end.byte + edit.new_end.byte};
}

}  // namespace

Stream::Stream(Parts parts, Range range)
    : parts_(std::move(parts)),
      range_(range),
      pause_(parts_.loop, [this] { pump(); }),
      patience_(parts_.loop, [this] { give_up_waiting(); }) {}

void Stream::add(document::Piece piece) {
  if (pending_.text.empty()) {
    pending_ = std::move(piece);
  } else {
    pending_.text += piece.text;
  }
  pump();
}

void Stream::finish() {
  finished_ = true;
  pump();
}

void Stream::note(const Edit& edit) {
  // A client may report our text as an insertion at a neighbouring place with the same result.
  if (sent_ && !sent_->seen && is_at(range_.start, sent_->text)) {
    sent_->seen = true;
    range_.start = range_.end = behind(range_.start, sent_->text);
    return;
  }
  if (sent_ && !sent_->seen && edit.range.start == range_.start) {
    sent_->formatted_end = edit.new_end;
  } else if (sent_ && sent_->formatted_end) {
    sent_->formatted_end = moved(*sent_->formatted_end, edit);
  }
  range_ = {moved(range_.start, edit), moved(range_.end, edit)};
}

/// The client has applied an edit, and its text is not where it should be.
void Stream::give_up_waiting() {
  if (!sent_ || sent_->seen) return;
  if (!sent_->formatted_end) return fail("the editor has not reported an edit of the answer");
  sent_->seen = true;
  range_.start = range_.end = *sent_->formatted_end;
  pump();
}

void Stream::fail(const std::string& problem) {
  if (parts_.on_done) std::exchange(parts_.on_done, nullptr)(problem);
}

bool Stream::is_at(Position start, std::string_view text) const {
  const ChatDocument* document = parts_.document();
  if (document == nullptr) return false;
  std::size_t line = start.line;
  std::string_view rest = document->text().line(line);
  if (start.byte > rest.size()) return false;
  rest.remove_prefix(start.byte);
  while (true) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return rest.starts_with(text);
    if (rest != text.substr(0, end)) return false;
    text.remove_prefix(end + 1);
    if (++line >= document->text().lines().size()) return false;
    rest = document->text().line(line);
  }
}

void Stream::pump() {
  if (sent_ && sent_->seen && sent_->answered) {
    sent_.reset();
    refused_ = 0;
  }
  if (sent_) return;
  const bool is_blank = pending_.text.find_first_not_of(kBlank) == std::string::npos;
  if (pending_.text.empty() || (is_blank && !finished_)) {
    if (finished_ && parts_.on_done) std::exchange(parts_.on_done, nullptr)("");
    return;
  }
  if (pause_.active() && !finished_) return;
  send();
}

void Stream::send() {
  ChatDocument* document = parts_.document();
  if (document == nullptr) return;
  // White space at the end waits for what follows: an editor may remove it when it saves.
  const std::size_t size =
      finished_ ? pending_.text.size() : pending_.text.find_last_not_of(kBlank) + 1;
  std::string text = pending_.text.substr(0, size);
  pending_.text.erase(0, size);
  if (std::exchange(pending_.at_line_start, false) && range_.start.byte > 0) text.insert(0, "\n");
  sent_ = Sent{text, false, false};
  pause_.start(kPause);
  const Json range = parts_.positions(*document).write(range_);
  parts_.client.apply_edit(
      "Answer", parts_.uri, document->version(),
      Json::array({{{"range", range}, {"newText", text}}}),
      [this, still = std::weak_ptr<bool>(alive_)](const Json& result, const Json&) {
        if (!still.lock()) return;
        take_answer(member(result, "applied") == true);
      });
}

void Stream::take_answer(bool applied) {
  if (!sent_) return;
  if (applied || sent_->seen) {
    sent_->answered = true;
    if (!sent_->seen) patience_.start(kPatience);
    return pump();
  }
  // The version was out of date: the change that made it so comes or has come.
  pending_.text.insert(0, std::exchange(sent_, std::nullopt)->text);
  if (++refused_ <= kMostRefused) return pause_.start(kPause);
  fail("the editor does not apply the edits of the answer");
}

}  // namespace chatvim::lsp
