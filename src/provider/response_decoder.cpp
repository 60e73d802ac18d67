// SPDX-License-Identifier: Apache-2.0
#include "response_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "error_body.hpp"
#include "errors.hpp"

namespace chatvim::provider {
namespace {

constexpr std::size_t kMaxErrorBody = 1024 * 1024;
constexpr std::size_t kMaxPage = 64 * 1024;
// No model writes as much; a journal holds no more either. It is for whole answers and for streams.
constexpr std::size_t kMaxAnswer = 64 * 1024 * 1024;
// White space, and the bytes of a byte-order mark.
constexpr std::string_view kBlank = " \t\r\n\xEF\xBB\xBF";

std::string excerpt(std::string_view text) {
  constexpr std::size_t kLength = 120;
  std::string out = text::replace_invalid_utf8(text.substr(0, kLength));
  return text.size() > kLength ? out + "…" : out;
}

/// The host of a URL, for a message: the rest of a redirect's target may be secret.
std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const std::size_t user = host.rfind('@'); user != std::string_view::npos) {
    host.remove_prefix(user + 1);
  }
  return std::string(url.substr(0, scheme + 3)).append(host);
}

}  // namespace

ResponseDecoder::ResponseDecoder()
    : parser_([this](const sse::Event& event) { take(event); },
              [] {
                sse::Parser::Options options;
                options.indented_data = true;
                return options;
              }()) {}

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
      fail_redirect();  // its body says nothing, and may never end
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

/// A body that starts like JSON is one JSON text, whatever its content type says; a stream never
/// starts so. Of a body that is no stream what stands before that is dropped, as if it had come
/// alone.
void ResponseDecoder::decide(std::string_view& bytes) {
  const std::size_t start = bytes.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return;
  const char first = bytes[start];
  mode_ = first == '{' || first == '[' ? Mode::kWhole : first == '<' ? Mode::kPage : Mode::kStream;
  if (mode_ != Mode::kStream) bytes.remove_prefix(start);
}

void ResponseDecoder::feed_stream(std::string_view bytes) {
  if (Result<void> result = parser_.feed(bytes); !result && !done()) {
    fail(ErrorCode::kProtocol, result.error().message);
  }
}

void ResponseDecoder::collect(std::string_view bytes) {
  const std::size_t limit = mode_ == Mode::kWhole  ? kMaxAnswer
                            : mode_ == Mode::kPage ? kMaxPage
                                                   : kMaxErrorBody;
  body_.append(bytes.substr(0, limit - body_.size()));
  if (body_.size() < limit) return;
  if (mode_ == Mode::kWhole) {
    fail_too_long();
  } else if (mode_ == Mode::kPage) {
    fail_page();  // the rest would not say more, here and below
  } else {
    fail(describe_response(status_, headers_, body_));
  }
}

void ResponseDecoder::take(const sse::Event& event) {
  if (done()) return;
  const std::size_t start = event.data.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return;  // a heartbeat
  take_event(event, std::string_view(event.data).substr(start));
  if (given_ > kMaxAnswer && !done()) fail_too_long();
}

void ResponseDecoder::finish_stream() {
  at_end_ = true;
  parser_.finish();
  if (!done()) end_stream();
}

void ResponseDecoder::finish_whole() {
  const std::size_t start = std::min(body_.find_first_not_of(kBlank), body_.size());
  const std::string_view text = std::string_view(body_).substr(start);
  if (take_whole(text)) return;
  const char last = body_[body_.find_last_not_of(kBlank)];
  if (last == '}' || last == ']') {
    fail(ErrorCode::kProtocol, "the answer is not JSON: " + excerpt(text));
  } else {
    fail(ErrorCode::kTruncated, "the answer was cut inside its JSON");
  }
}

void ResponseDecoder::say(std::string_view text) {
  if (text.empty()) return;
  answered_ = true;
  answer_part_.clear();
  thought_part_.clear();
  tags_.feed(content_.feed(text), answer_part_, thought_part_);
  emit<ReasoningDelta>(thought_part_);
  emit<TextDelta>(answer_part_);
}

void ResponseDecoder::think(std::string_view text) {
  if (text.empty()) return;
  if (std::exchange(parted_, false)) emit<ReasoningDelta>(reasoning_.finish() + "\n\n");
  thought_ = true;
  emit<ReasoningDelta>(reasoning_.feed(text));
}

void ResponseDecoder::part_thoughts() { parted_ = thought_; }

void ResponseDecoder::refuse(std::string_view text) {
  if (text.empty()) return;
  answered_ = true;
  emit<RefusalDelta>(refusal_.feed(text));
}

void ResponseDecoder::call(const ToolPiece& piece) {
  given_ += piece.arguments.size();
  calls_.take(piece, *events_);
}

/// Gives a piece out, joined to the event before it where that is of the same kind.
template <class Delta>
void ResponseDecoder::emit(std::string text) {
  if (text.empty()) return;
  given_ += text.size();
  if (!events_->empty()) {
    if (auto* last = std::get_if<Delta>(&events_->back())) {
      last->text += text;
      return;
    }
  }
  events_->push_back(Delta{std::move(text)});
}

/// Gives out what was held back.
void ResponseDecoder::flush() {
  emit<ReasoningDelta>(reasoning_.finish());
  answer_part_.clear();
  thought_part_.clear();
  tags_.feed(content_.finish(), answer_part_, thought_part_);
  tags_.finish(answer_part_, thought_part_);
  emit<ReasoningDelta>(thought_part_);
  emit<TextDelta>(answer_part_);
  emit<RefusalDelta>(refusal_.finish());
  calls_.finish(*events_);
}

void ResponseDecoder::succeed() {
  flush();
  if (!finish_reason_.empty())
    events_->push_back(Finish{text::replace_invalid_utf8(finish_reason_)});
  if (usage_) events_->push_back(*usage_);
  events_->push_back(End{});
  mode_ = Mode::kDone;
}

void ResponseDecoder::fail_billed(Failure failure) {
  flush();
  if (usage_) events_->push_back(*usage_);
  fail(std::move(failure));
}

void ResponseDecoder::fail(Failure failure) {
  flush();
  events_->push_back(std::move(failure));
  mode_ = Mode::kDone;
}

void ResponseDecoder::fail(ErrorCode code, std::string message) {
  fail(Failure{code, std::move(message), false, std::nullopt});
}

void ResponseDecoder::fail_not_json(std::string_view data) {
  if (at_end_) return;
  fail(ErrorCode::kProtocol, "the stream holds an event that is not JSON: " + excerpt(data));
}

void ResponseDecoder::fail_no_message(std::string_view text) {
  fail(ErrorCode::kProtocol, "the answer holds no message: " + excerpt(text));
}

void ResponseDecoder::fail_page() {
  fail(ErrorCode::kProtocol,
       "the server answered with a web page: " + read_error_body(body_).message);
}

void ResponseDecoder::fail_redirect() {
  const std::string* location = find_header(headers_, "location");
  const std::string host = location != nullptr ? host_of(*location) : std::string();
  fail(ErrorCode::kProtocol,
       fmt::format("HTTP {}: the server redirects to {}, and redirects are not followed", status_,
                   host.empty() ? "another place" : text::replace_invalid_utf8(host)));
}

void ResponseDecoder::fail_too_long() {
  fail(ErrorCode::kProtocol,
       fmt::format("the answer is longer than {} MiB", kMaxAnswer / (1024 * 1024)));
}

}  // namespace chatvim::provider
