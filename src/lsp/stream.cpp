// SPDX-License-Identifier: Apache-2.0
#include "stream.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "json_fields.hpp"

namespace chatvim::lsp {

namespace {

/// Time between edits.
constexpr std::chrono::milliseconds kPause{250};
/// Times in a row that a client may refuse an edit, mostly because it has not reported yet what the
/// user has just typed: Emacs does so when typing pauses. A minute.
constexpr int kMostRefused = 240;
/// How long the change of an applied edit may take to come; less if the client had changed the text
/// before it answered, because it has probably skipped the edit then.
constexpr std::chrono::seconds kPatience{3};
constexpr std::chrono::seconds kLessPatience{1};
/// How long the client may take to answer an edit when the user has stopped the answer.
constexpr std::chrono::seconds kHurry{2};
/// How long it may take otherwise.
constexpr std::chrono::seconds kAnswerLimit{60};
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

void Stream::hurry() {
  hurries_ = true;
  if (sent_ && !sent_->answered) patience_.start(kHurry);
}

void Stream::note(const Edit& edit) {
  if (failed_) return;
  // A client may report an insertion at a neighbouring place with the same result; a replacement is
  // recognized only by its range, because the text that it replaces may begin like ours.
  const bool may_be = range_.start == range_.end || edit.range == range_;
  if (may_be && sent_ && !sent_->seen && is_at(range_.start, sent_->text)) {
    sent_->seen = started_ = true;
    range_.start = range_.end = behind(range_.start, sent_->text);
    return;
  }
  if (sent_ && !sent_->seen && edit.range.start == range_.start && may_be_ours(edit)) {
    sent_->formatted_end = edit.new_end;
    if (sent_->answered) patience_.start(kPause);
  } else if (sent_ && sent_->formatted_end) {
    sent_->formatted_end = moved(*sent_->formatted_end, edit);
  }
  const bool is_deletion = edit.new_end == edit.range.start;
  const bool is_ours = edit.range.start < range_.start && range_.start <= edit.range.end;
  if (is_deletion && is_ours && range_.start == range_.end && started_) {
    return fail("its text was removed while it was written");
  }
  range_ = {moved(range_.start, edit), moved(range_.end, edit)};
}

/// Whether an edit at our place is about as long as what was sent, so that it is not typing.
bool Stream::may_be_ours(const Edit& edit) const {
  const Position end = behind(edit.range.start, sent_->text);
  if (end.line != edit.new_end.line) return false;
  return end.line > edit.range.start.line || edit.new_end.byte * 2 >= end.byte + range_.start.byte;
}

void Stream::resume() {
  if (failed_) return;
  // What is answered and not among the changes since then was skipped. The client's version is
  // known now: there is no better time to send it again.
  if (sent_ && sent_->answered && !sent_->seen && !sent_->formatted_end) transmit();
  pump();
}

/// The client has answered an edit, and its text is not where it should be; or it has not answered.
void Stream::give_up_waiting() {
  if (sent_ && !sent_->answered) return fail("the editor has not answered");
  if (!sent_ || sent_->seen) return;
  if (!sent_->formatted_end) return transmit();
  sent_->seen = started_ = true;
  range_.start = range_.end = *sent_->formatted_end;
  pump();
}

/// Ends the stream: nothing more is sent.
void Stream::fail(const std::string& problem) {
  failed_ = true;
  pause_.stop();
  patience_.stop();
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
    // An editor may write its own line breaks, and trim the lines.
    if (text::trim_end(rest) != text::trim_end(text.substr(0, end))) return false;
    text.remove_prefix(end + 1);
    if (++line >= document->text().lines().size()) return false;
    rest = document->text().line(line);
  }
}

void Stream::pump() {
  if (sent_ && sent_->seen && sent_->answered) {
    patience_.stop();
    sent_.reset();
    refused_ = 0;
  }
  if (sent_ || failed_) return;
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
  sent_ = Sent{std::move(text), 0, false, false};
  pause_.start(kPause);
  transmit();
}

/// Sends the text of `sent_`, the same until it is seen: the client may have kept an earlier copy
/// that it has not reported yet.
void Stream::transmit() {
  const ChatDocument* document = parts_.document();
  if (document == nullptr) return;
  patience_.start(hurries_ ? loop::Duration(kHurry) : loop::Duration(kAnswerLimit));
  sent_->answered = false;
  sent_->formatted_end.reset();
  sent_->version = document->version();
  const Json range = parts_.positions(*document).write(range_);
  parts_.client.apply_edit(
      "", parts_.uri, document->version(),
      Json::array({{{"range", range}, {"newText", sent_->text}}}),
      [this, still = std::weak_ptr<bool>(alive_)](const Json& result, const Json& error) {
        if (!still.lock()) return;
        // Some clients answer null.
        const bool is_null = result.is_null() && error.is_null();
        take_answer(is_null || member(result, "applied") == true);
      });
}

void Stream::take_answer(bool applied) {
  const ChatDocument* document = parts_.document();
  if (!sent_ || failed_ || document == nullptr) return;
  sent_->answered = true;
  patience_.stop();
  if (sent_->seen) return pump();
  if (++refused_ > kMostRefused) {
    return fail("the editor does not apply the edits of the answer, or does not report them");
  }
  if (!applied) {
    // It was out of date: the change that made it so comes or has come.
    sent_->formatted_end.reset();
    return patience_.start(kPause);
  }
  if (sent_->formatted_end) return patience_.start(kPause);
  const bool is_skipped = document->version() > sent_->version;
  patience_.start(is_skipped ? kLessPatience : kPatience);
}

}  // namespace chatvim::lsp
