// SPDX-License-Identifier: Apache-2.0
#include "chat_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "error_body.hpp"
#include "errors.hpp"

namespace chatvim::provider {
namespace {

constexpr std::size_t kMaxErrorBody = 1024 * 1024;
constexpr std::size_t kMaxPage = 64 * 1024;
constexpr std::size_t kMaxWhole = 64 * 1024 * 1024;
constexpr std::string_view kDoneMark = "[DONE]";
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

ChatDecoder::ChatDecoder()
    : parser_([this](const sse::Event& event) { take_event(event); },
              [] {
                sse::Parser::Options options;
                options.indented_data = true;
                return options;
              }()) {}

void ChatDecoder::head(int status, const Headers& headers) {
  status_ = status;
  headers_ = headers;
  if (status >= 400) {
    mode_ = Mode::kError;
  } else if (status >= 300) {
    mode_ = Mode::kRedirect;
  }
}

void ChatDecoder::feed(std::string_view bytes, std::vector<Event>& events) {
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
    case Mode::kDone:
      break;
  }
  events_ = nullptr;
}

void ChatDecoder::finish(std::vector<Event>& events) {
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
      fail(ErrorCode::kProtocol,
           "the server answered with a web page: " + read_error_body(body_).message);
      break;
    case Mode::kError:
      fail(describe_response(status_, headers_, body_));
      break;
    case Mode::kRedirect: {
      const std::string* location = find_header(headers_, "location");
      const std::string host = location != nullptr ? host_of(*location) : std::string();
      fail(ErrorCode::kProtocol,
           fmt::format("HTTP {}: the server redirects to {}, and redirects are not followed",
                       status_, host.empty() ? "another place" : text::replace_invalid_utf8(host)));
      break;
    }
    case Mode::kDone:
      break;
  }
  events_ = nullptr;
}

/// A body that starts like JSON is one JSON text, whatever its content type says; a stream never
/// starts so.
void ChatDecoder::decide(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return;
  const char first = bytes[start];
  mode_ = first == '{' || first == '[' ? Mode::kWhole : first == '<' ? Mode::kPage : Mode::kStream;
}

void ChatDecoder::feed_stream(std::string_view bytes) {
  if (Result<void> result = parser_.feed(bytes); !result && !done()) {
    fail(ErrorCode::kProtocol, result.error().message);
  }
}

void ChatDecoder::collect(std::string_view bytes) {
  const std::size_t limit = mode_ == Mode::kWhole  ? kMaxWhole
                            : mode_ == Mode::kPage ? kMaxPage
                                                   : kMaxErrorBody;
  body_.append(bytes.substr(0, limit - body_.size()));
  if (body_.size() < limit) return;
  if (mode_ == Mode::kWhole) {
    fail(ErrorCode::kProtocol, fmt::format("the answer is longer than {} bytes", limit));
  } else if (mode_ == Mode::kError) {
    fail(describe_response(status_, headers_, body_));  // the rest would not say more
  }
}

void ChatDecoder::take_event(const sse::Event& event) {
  if (done()) return;
  const std::size_t start = event.data.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return;  // a heartbeat
  const std::string_view data = event.data.substr(start);
  if (data.starts_with(kDoneMark)) return succeed();
  if (event.type == "error") return fail(describe_error(data));
  const ChatChunk* chunk = reader_.read(data);
  if (chunk != nullptr) {
    take_chunk(*chunk);
    if (chunk->error) fail(describe_error(data));
  } else if (event.type == "message" && !at_end_) {
    // A named event (`ping`) may hold anything, and one at the end of the input may be cut.
    fail(ErrorCode::kProtocol, "the stream holds an event that is not JSON: " + excerpt(data));
  }
}

void ChatDecoder::take_chunk(const ChatChunk& chunk) {
  if (!chunk.finish_reason.empty()) finish_reason_ = chunk.finish_reason;
  if (chunk.usage) usage_ = chunk.usage;
  const Speech& speech = chunk.speech;
  if (speech.empty() || (chunk.whole && spoke_)) return;
  spoke_ = true;
  take_reasoning(speech);
  if (!speech.content.empty()) take_content(speech.content);
  if (!speech.refusal.empty()) emit<RefusalDelta>(refusal_.feed(speech.refusal));
  for (const ToolPiece& piece : speech.tools) calls_.take(piece, *events_);
}

/// Reasoning comes under several names; where two of them are there, they hold the same text.
void ChatDecoder::take_reasoning(const Speech& speech) {
  const std::string& plain =
      speech.reasoning_content.empty() ? speech.reasoning : speech.reasoning_content;
  if (!plain.empty()) plain_reasoning_ = true;
  const std::string& text = plain_reasoning_ ? plain : speech.reasoning_details;
  if (!text.empty()) emit<ReasoningDelta>(reasoning_.feed(text));
  if (!speech.thinking_parts.empty()) emit<ReasoningDelta>(reasoning_.feed(speech.thinking_parts));
}

void ChatDecoder::take_content(std::string_view content) {
  answer_part_.clear();
  thought_part_.clear();
  tags_.feed(content_.feed(content), answer_part_, thought_part_);
  emit<ReasoningDelta>(thought_part_);
  emit<TextDelta>(answer_part_);
}

void ChatDecoder::finish_stream() {
  at_end_ = true;
  parser_.finish();
  if (done()) return;
  if (finish_reason_.empty()) {
    fail(ErrorCode::kTruncated, "stream ended without finish_reason");
  } else {
    succeed();
  }
}

void ChatDecoder::finish_whole() {
  const std::size_t start = std::min(body_.find_first_not_of(kBlank), body_.size());
  const std::string_view text = std::string_view(body_).substr(start);
  const ChatChunk* chunk = reader_.read(text);
  if (chunk == nullptr) {
    const char last = body_[body_.find_last_not_of(kBlank)];
    return last == '}' || last == ']'
               ? fail(ErrorCode::kProtocol, "the answer is not JSON: " + excerpt(text))
               : fail(ErrorCode::kTruncated, "the answer was cut inside its JSON");
  }
  take_chunk(*chunk);
  if (chunk->error) return fail(describe_error(text));
  if (!chunk->choices) {
    return fail(ErrorCode::kProtocol, "the answer holds no message: " + excerpt(text));
  }
  succeed();
}

/// Gives a piece out, joined to the event before it where that is of the same kind.
template <class Delta>
void ChatDecoder::emit(std::string text) {
  if (text.empty()) return;
  if (!events_->empty()) {
    if (auto* last = std::get_if<Delta>(&events_->back())) {
      last->text += text;
      return;
    }
  }
  events_->push_back(Delta{std::move(text)});
}

/// Gives out what was held back.
void ChatDecoder::flush() {
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

void ChatDecoder::succeed() {
  flush();
  if (!finish_reason_.empty())
    events_->push_back(Finish{text::replace_invalid_utf8(finish_reason_)});
  if (usage_) events_->push_back(*usage_);
  events_->push_back(End{});
  mode_ = Mode::kDone;
}

void ChatDecoder::fail(Failure failure) {
  flush();
  events_->push_back(std::move(failure));
  mode_ = Mode::kDone;
}

void ChatDecoder::fail(ErrorCode code, std::string message) {
  fail(Failure{code, std::move(message), false, std::nullopt});
}

std::unique_ptr<Decoder> make_decoder(Api api) {
  switch (api) {
    case Api::kChat:
    case Api::kResponses:
    case Api::kMessages:
      return std::make_unique<ChatDecoder>();
  }
  return nullptr;
}

}  // namespace chatvim::provider
