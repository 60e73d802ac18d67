// SPDX-License-Identifier: Apache-2.0
// How a response ends: data left at the end of the input, success with its warnings, failures.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chatvim/json/cursor.hpp"
#include "chatvim/text/fold.hpp"
#include "error_body.hpp"
#include "errors.hpp"
#include "response_decoder.hpp"
#include "stream_text.hpp"
#include "trimmed.hpp"

namespace chatvim::wire {

bool ResponseDecoder::finished() const {
  if (other_) return other_->finished();
  return !done() && (marked_ || !finish_reason_.empty() || looks_whole());
}

/// Whether the body is probably complete although the connection is open.
bool ResponseDecoder::looks_whole() const {
  constexpr std::size_t kMost = 1024 * 1024;
  const std::string_view text = trimmed(body_);
  if (text.empty() || text.size() > kMost) return false;
  // Any other complete JSON text may be the first line of a stream.
  if (mode_ == Mode::kWhole) return ends_json(text) && complaint_in(text) != Complaint::kNone;
  if (begins_json(text)) return ends_json(text) && is_json(text);
  if (text.front() == '<') return text.ends_with("</html>") || text.ends_with("</HTML>");
  return mode_ == Mode::kError;
}

void ResponseDecoder::finish_stream() {
  at_end_ = true;
  parser_.finish();
  if (done()) return;
  if (other_) {
    other_->events_ = events_;
    other_->end_stream();
    mode_ = Mode::kDone;
  } else {
    end_stream();
  }
}

/// Handles the end of a stream in which no event has ended the answer.
void ResponseDecoder::end_stream() {
  if (finish_reason_.empty()) note_finish(fallback_reason_);
  if (marked_ || !finish_reason_.empty()) return end_answer();
  if (!words_.empty()) return fail_with_words();
  if (mode_ == Mode::kUndecided && status_ != 200) {
    return fail(ErrorCode::kProtocol,
                fmt::format("it answered with status {} and without text", status_));
  }
  std::string words(cut_words());
  if (!unreadable_.empty()) words.append("; before that came: ").append(unreadable_);
  fail(ErrorCode::kTruncated, std::move(words));
}

void ResponseDecoder::finish_whole() {
  const std::size_t start = std::min(body_.find_first_not_of(kBlank), body_.size());
  finish_text(std::string_view(body_).substr(start));
}

void ResponseDecoder::finish_text(std::string_view text) {
  switch (take_whole(text)) {
    case Taken::kKnown:
    case Taken::kDamaged:
      return;
    case Taken::kNothing:
      if (switch_format(text)) return;
      if (complaint_in(text) != Complaint::kNone || text.starts_with('[')) {
        return fail(describe_error(text));  // gateways send errors as arrays
      }
      return fail(ErrorCode::kProtocol, "the answer holds no message: " + excerpt(text));
    case Taken::kNotJson:
      if (finish_as_stream(text)) return;
  }
  const char last = text[text.find_last_not_of(kBlank)];
  if (last == '}' || last == ']') {
    fail(ErrorCode::kProtocol, "the answer is not JSON: " + excerpt(text));
  } else {
    fail(ErrorCode::kTruncated, "the answer was cut inside its JSON");
  }
}

/// Reads the body as a stream after all: JSON lines, or text that a gateway put before the stream.
bool ResponseDecoder::finish_as_stream(std::string_view text) {
  json::JsonCursor json(text);
  json.skip();
  if (json.failed() || trimmed(json.rest()).empty()) return false;
  become_stream(text);
  if (!done()) finish_stream();
  return true;
}

/// Records a finish reason. Some servers send "null" or "none" until the answer ends.
void ResponseDecoder::note_finish(std::string_view reason) {
  const std::string word = text::fold_word(reason);
  if (word.empty() || word == "null" || word == "none") return;
  finish_reason_ = reason;
}

void ResponseDecoder::succeed() {
  if (finish_reason_.empty()) note_finish(fallback_reason_);
  // An end mark alone does not turn an error into an answer.
  if (finish_reason_.empty() && !words_.empty()) return fail_with_words();
  flush();
  emit_last();
  if (!unreadable_.empty() && given_ == 0) {
    words_ = std::exchange(unreadable_, {});
    return fail_with_words();
  }
  warn();
  if (!finish_reason_.empty())
    events_->push_back(Finish{text::replace_invalid_utf8(finish_reason_)});
  if (usage_) events_->push_back(*usage_);
  events_->push_back(End{});
  mode_ = Mode::kDone;
}

void ResponseDecoder::warn() {
  if (!late_failure_.empty()) events_->push_back(Warning{ErrorCode::kLateFailure, late_failure_});
  if (!unreadable_.empty()) events_->push_back(Warning{ErrorCode::kUnreadable, unreadable_});
  if (is_other_) events_->push_back(Warning{ErrorCode::kOtherFormat, std::string(name_of(api_))});
}

void ResponseDecoder::fail_billed(Failure failure) {
  flush();
  if (usage_) events_->push_back(*usage_);
  fail(std::move(failure));
}

void ResponseDecoder::fail(Failure failure) {
  // The answer is already complete, so a later error does not affect it.
  if (finished_ && answered_ && late_failure_.empty()) {
    late_failure_ = std::move(failure.message);
    return end_answer();
  }
  flush();
  events_->push_back(std::move(failure));
  mode_ = Mode::kDone;
}

void ResponseDecoder::fail(ErrorCode code, std::string message) {
  fail(Failure{code, std::move(message), false, std::nullopt});
}

/// Fails with the data that the stream ended with, which is not part of an answer.
void ResponseDecoder::fail_with_words() {
  const std::string words = std::exchange(words_, {});
  Failure failure;
  if (begins_json(words) && complaint_in(words) == Complaint::kNone) {
    failure.code = ErrorCode::kProtocol;
    failure.message = "the stream ended with what is no part of an answer: " + excerpt(words);
  } else {
    failure = describe_error(words);
  }
  if (skipped_ > 1) failure.message.append("; all that could not be read: ").append(unreadable_);
  fail(std::move(failure));
}

void ResponseDecoder::fail_page() {
  fail(ErrorCode::kProtocol,
       "the server answered with a web page: " + read_error_body(body_).message);
}

void ResponseDecoder::fail_redirect() {
  const std::string* location = find_header(headers_, "location");
  fail(ErrorCode::kProtocol, redirect_words(status_, location != nullptr ? *location : ""));
}

void ResponseDecoder::fail_too_long() {
  fail(ErrorCode::kProtocol,
       fmt::format("the answer is longer than {} MiB", kMaxAnswer / (1024 * 1024)));
}

}  // namespace chatvim::wire
