// SPDX-License-Identifier: Apache-2.0
#include "response_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chatvim/json/cursor.hpp"
#include "chatvim/text/fold.hpp"
#include "error_body.hpp"
#include "errors.hpp"
#include "find_format.hpp"
#include "make_decoder.hpp"
#include "stream_text.hpp"
#include "trimmed.hpp"

namespace chatvim::wire {
namespace {

constexpr std::size_t kMaxErrorBody = 1024 * 1024;
constexpr std::size_t kMaxPage = 64 * 1024;
constexpr std::size_t kMaxWords = 64 * 1024;

}  // namespace

ResponseDecoder::ResponseDecoder(Api api) : api_(api), parser_(new_parser()) {}

sse::Parser ResponseDecoder::new_parser() {
  sse::Parser::Options options;
  options.indented_data = true;
  options.loose_lines = true;
  options.parts_json = true;
  return {[this](const sse::Event& event) { take(event); }, options};
}

void ResponseDecoder::head(int status, const Headers& headers) {
  status_ = status;
  headers_ = headers;
  if (status >= 400) {
    mode_ = Mode::kError;
  } else if (status >= 300) {
    mode_ = Mode::kRedirect;
  }
}

void ResponseDecoder::feed(std::string_view bytes, std::vector<Event>& events) {
  events_ = &events;
  if (mode_ == Mode::kUndecided) decide(bytes);
  switch (mode_) {
    case Mode::kUndecided:
    case Mode::kStream:
      feed_stream(bytes);
      break;
    case Mode::kWhole:
    case Mode::kPage:
    case Mode::kError:
      collect(bytes);
      break;
    case Mode::kRedirect:
      fail_redirect();  // its body is of no use, and may never end
      break;
    case Mode::kDone:
      break;
  }
  events_ = nullptr;
}

void ResponseDecoder::finish(std::vector<Event>& events) {
  events_ = &events;
  switch (mode_) {
    case Mode::kUndecided:
    case Mode::kStream:
      finish_stream();
      break;
    case Mode::kWhole:
      finish_whole();
      break;
    case Mode::kPage:
      fail_page();
      break;
    case Mode::kError:
      fail(describe_response(status_, headers_, body_));
      break;
    case Mode::kRedirect:
      fail_redirect();
      break;
    case Mode::kDone:
      break;
  }
  events_ = nullptr;
}

/// Decides the mode from the first byte. A body that starts like JSON is one JSON text, whatever
/// its content type; a stream never starts that way. If the body is not a stream, the blanks before
/// that byte are dropped.
void ResponseDecoder::decide(std::string_view& bytes) {
  const std::size_t start = bytes.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return;
  const char first = bytes[start];
  mode_ = first == '{' || first == '[' ? Mode::kWhole : first == '<' ? Mode::kPage : Mode::kStream;
  if (mode_ != Mode::kStream) bytes.remove_prefix(start);
}

void ResponseDecoder::feed_stream(std::string_view bytes) {
  silent_ += bytes.size();
  if (Result<void> result = parser_.feed(bytes); !result && !done()) {
    fail(ErrorCode::kProtocol, result.error().message);
  }
  if (silent_ > kMaxAnswer && !done()) {
    fail(ErrorCode::kProtocol,
         fmt::format("the server sent {} MiB without a word of text", kMaxAnswer / (1024 * 1024)));
  }
}

void ResponseDecoder::collect(std::string_view bytes) {
  const std::size_t limit = mode_ == Mode::kWhole  ? kMaxAnswer
                            : mode_ == Mode::kPage ? kMaxPage
                                                   : kMaxErrorBody;
  body_.append(bytes.substr(0, limit - body_.size()));
  if (mode_ == Mode::kWhole && take_early()) return;
  if (body_.size() < limit) return;
  if (mode_ == Mode::kWhole) {
    fail_too_long();
  } else if (mode_ == Mode::kPage) {
    fail_page();  // the rest would add nothing, here and below
  } else {
    fail(describe_response(status_, headers_, body_));
  }
}

/// Handles what need not wait for the end of the input, which may never come: an error, and a
/// stream that begins like JSON.
bool ResponseDecoder::take_early() {
  const std::string_view all = body_;
  // Whatever follows an error does not change it, and is not waited for.
  if (first_value_.closes(all) && first_value_.end() <= kMaxWords) {
    const std::string_view value = all.substr(0, first_value_.end());
    if (complaint_in(value) == Complaint::kError) return finish_text(value), true;
  }
  const std::size_t from =
      std::exchange(searched_, all.size() - std::min<std::size_t>(8, all.size()));
  if (first_line_ == std::string::npos) first_line_ = all.find_first_of("\r\n", from);
  const bool is_lines = first_line_ != std::string::npos &&
                        !trimmed(all.substr(first_line_)).empty() &&
                        is_json_object(trimmed(all.substr(0, first_line_)));
  if (is_lines || has_field(all.substr(from))) {
    become_stream(std::exchange(body_, {}));
    return true;
  }
  return false;
}

void ResponseDecoder::take(const sse::Event& event) {
  if (done()) return;
  const std::string_view data = trimmed(event.data);
  if (data.empty()) return;  // a heartbeat
  if (other_) {
    other_->events_ = events_;
    other_->at_end_ = at_end_;
    other_->take(event);
    if (other_->done()) mode_ = Mode::kDone;
    silent_ = std::min(silent_, other_->silent_);
    return;
  }
  event.loose ? take_loose(data) : take_data(event.type, data);
  finished_ = finished_ || is_finish(finish_reason_);
  if (given_ > kMaxAnswer && !done()) fail_too_long();
}

/// Takes lines that are not SSE fields: a gateway's error, an event without `data:`, or a field
/// that the standard requires clients to ignore.
void ResponseDecoder::take_loose(std::string_view lines) {
  if (begins_json(lines) || lines.starts_with("\"{")) return take_data("message", lines);
  bool ignored = true;
  for_each_line(lines, [&](std::string_view line) { ignored = ignored && is_unknown_field(line); });
  if (!ignored) return take_unreadable(lines);
  // Some servers send only "Unauthorized". A truncated field name is not such a message.
  const auto begins = [&](std::string_view name) { return name.starts_with(lines); };
  if (!any_event_ && words_.empty() && !begins("data") && !begins("event")) words_ = lines;
}

void ResponseDecoder::take_data(std::string_view type, std::string_view data) {
  if (text::fold_word(type).ends_with("error")) return fail(describe_error(data));
  if (type == "message" && is_end_mark(data)) return take_end_mark();
  if (const std::string inner = json_in_string(data); !inner.empty()) {
    return take_data(type, trimmed(inner));
  }
  switch (take_event(type, data)) {
    case Taken::kKnown:
      any_event_ = true;
      break;
    case Taken::kDamaged:
      any_event_ = true;
      note_unreadable(data);
      break;
    case Taken::kNothing:
      take_unknown(data);
      break;
    case Taken::kNotJson:
      // Gateways send events with names of their own. A `ping` may hold anything.
      if (take_lines(data) || take_row(data) || type == "ping") return;
      if (is_ours(type) || begins_json(data)) take_unreadable(data);
  }
}

/// Takes several events that a server has separated by single newlines. An end mark among them is
/// handled last, because an error may follow it.
bool ResponseDecoder::take_lines(std::string_view data) {
  if (data.find('\n') == std::string_view::npos) return false;
  bool any = false;
  bool ends = false;
  for_each_line(
      data, [&](std::string_view line) { any = any || is_json_object(line) || is_end_mark(line); });
  if (!any) return false;
  for_each_line(data, [&](std::string_view line) {
    if (is_end_mark(line)) {
      ends = true;
    } else if (!done()) {
      take_data("message", line);  // the event name applied to one of them only
    }
  });
  if (ends && !done()) take_end_mark();
  return true;
}

/// Takes several JSON objects on one line.
bool ResponseDecoder::take_row(std::string_view data) {
  if (first_object(data).empty()) return false;
  while (!data.empty() && !done()) {
    const std::string_view object = first_object(data);
    if (object.empty()) return take_data("message", data), true;
    take_data("message", object);
    data = trimmed(data.substr(object.size()));
  }
  return true;
}

/// Takes JSON that the format does not recognize: another format, a gateway's own error, or an
/// unknown kind of event.
void ResponseDecoder::take_unknown(std::string_view data) {
  if (switch_format(data)) return;
  switch (complaint_in(data)) {
    case Complaint::kNone:
      break;
    case Complaint::kWords:
      // After the finish reason, a message can only be an error.
      if (finished_) return fail(describe_error(data));
      words_ = data;
      break;
    case Complaint::kError:
      fail(describe_error(data));
  }
}

/// Takes what should be JSON and is not. An event that is closed by the end of the input may just
/// be truncated.
void ResponseDecoder::take_unreadable(std::string_view data) {
  if (at_end_ && begins_json(data)) return;
  note_unreadable(data);
  words_ = data.substr(0, kMaxWords);
}

void ResponseDecoder::note_unreadable(std::string_view data) {
  constexpr int kMost = 3;
  if (++skipped_ > kMost) return;
  unreadable_.append(unreadable_.empty() ? "" : "; ").append(excerpt(data));
}

/// Switches to the format that the response uses, if nothing has been emitted yet.
bool ResponseDecoder::switch_format(std::string_view text) {
  const auto format = find_format(text);
  if (!format || *format == api_ || is_other_ || given_ > 0) return false;
  other_ = make_plain_decoder(*format);
  other_->is_other_ = true;
  other_->mode_ = mode_;
  other_->events_ = events_;
  if (mode_ == Mode::kStream) {
    other_->take_data("message", text);
  } else {
    other_->finish_text(text);
  }
  if (other_->done()) mode_ = Mode::kDone;
  return true;
}

/// Switches to stream mode for a body that began like JSON; `bytes` is the body so far.
void ResponseDecoder::become_stream(std::string_view bytes) {
  mode_ = Mode::kStream;
  parser_ = new_parser();  // the old one has already been fed other bytes
  feed_stream(bytes);
}

void ResponseDecoder::emit_text(std::string_view text) {
  if (text.empty()) return;
  answered_ = true;
  emit(tags_.feed(content_.feed(text)));
}

void ResponseDecoder::emit(ThinkTags::Parted parted) {
  emit<ReasoningDelta>(std::move(parted.reasoning));
  emit<TextDelta>(std::move(parted.answer));
  if (parted.was_reasoning) events_->push_back(TextWasReasoning{});
  emit<TextDelta>(std::move(parted.rest));
}

void ResponseDecoder::emit_reasoning(std::string_view text) {
  if (text.empty()) return;
  if (std::exchange(parted_, false)) emit<ReasoningDelta>(reasoning_.finish() + "\n\n");
  thought_ = true;
  emit<ReasoningDelta>(reasoning_.feed(text));
}

void ResponseDecoder::part_thoughts() { parted_ = thought_; }

void ResponseDecoder::emit_refusal(std::string_view text) {
  if (text.empty()) return;
  answered_ = true;
  emit<RefusalDelta>(refusal_.feed(text));
}

/// Emits the text that was held back, so that what comes next keeps its place.
void ResponseDecoder::begin_other() {
  emit(tags_.feed(content_.finish()));
  emit(tags_.release());
  silent_ = 0;
  words_.clear();
}

void ResponseDecoder::call(const ToolPiece& piece) {
  given_ += piece.arguments.size();
  begin_other();
  calls_.take(piece, *events_);
}

void ResponseDecoder::set_arguments(int index, std::string_view text) {
  given_ += text.size();
  calls_.set_arguments(index, text, *events_);
}

void ResponseDecoder::emit_state(std::string item, bool of_turn) {
  given_ += item.size();
  begin_other();
  calls_.begin(*events_);
  events_->push_back(State{std::move(item), of_turn});
}

void ResponseDecoder::emit_source(std::string_view url, std::string_view title) {
  if (url.empty()) return;
  given_ += url.size() + title.size();
  begin_other();
  calls_.begin(*events_);
  events_->push_back(Citation{text::replace_invalid_utf8(url), text::replace_invalid_utf8(title)});
}

/// Emits a piece, joined to the previous event if that is of the same kind.
template <class Delta>
void ResponseDecoder::emit(std::string text) {
  if (text.empty()) return;
  given_ += text.size();
  silent_ = 0;
  words_.clear();
  if (calls_.waits()) calls_.begin(*events_);
  if (!events_->empty()) {
    if (auto* last = std::get_if<Delta>(&events_->back())) {
      last->text += text;
      return;
    }
  }
  events_->push_back(Delta{std::move(text)});
}

/// Emits everything that was held back.
void ResponseDecoder::flush() {
  emit<ReasoningDelta>(reasoning_.finish());
  emit(tags_.feed(content_.finish()));
  emit(tags_.finish());
  emit<RefusalDelta>(refusal_.finish());
  calls_.finish(*events_);
}

}  // namespace chatvim::wire
