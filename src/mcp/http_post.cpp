// SPDX-License-Identifier: Apache-2.0
#include "http_post.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chatvim/text/lines.hpp"
#include "chatvim/text/redact.hpp"
#include "chatvim/text/utf8.hpp"
#include "limits.hpp"

namespace chatvim::mcp {

namespace {

constexpr std::size_t kMostSessionBytes = 1024;
constexpr std::size_t kMostWords = 200;
constexpr int kUnauthorized = 401;
constexpr int kNotFound = 404;

/// Returns a header's value, or "".
std::string header_value(const http::Headers& headers, std::string_view name) {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  for (const auto& [key, value] : headers) {
    if (std::equal(key.begin(), key.end(), name.begin(), name.end(), same)) return value;
  }
  return {};
}

bool is_session_id(std::string_view id) {
  return !id.empty() && id.size() <= kMostSessionBytes &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

HttpTransport::Post::Post(HttpTransport& transport, Id key, const action::Send& message)
    : transport_(transport),
      key_(key),
      is_initialize_(message.method == "initialize"),
      had_session_(!transport.session_.empty() && !is_initialize_),
      parser_([this](const sse::Event& event) { take_event(event.data); }) {}

void HttpTransport::Post::on_head(int status, const http::Headers& headers) {
  status_ = status;
  is_stream_ = header_value(headers, "content-type").starts_with("text/event-stream");
  const std::string session = header_value(headers, "mcp-session-id");
  if (is_initialize_ && status / 100 == 2 && is_session_id(session)) transport_.session_ = session;
}

void HttpTransport::Post::on_body(std::string_view bytes) {
  if (ended_) return;
  if (!is_stream_) return body_.add(bytes);
  if (const auto read = parser_.feed(bytes); !read && !ended_) {
    refuse_too_long();
  }
}

void HttpTransport::Post::take_event(std::string_view data) {
  if (ended_ || data.empty()) return;  // an event without data only keeps the connection open
  MessageBuffer message;
  message.add(data);
  TransportHandler* const handler = transport_.handler_;
  if (message.too_long()) return refuse_too_long();
  if (!handler->on_message(message.text(), message.left_out(), key_)) {
    handler->on_log("skipped: " + text::printable(data, kMostWords));
  }
  // The server may leave the stream open.
  if (!ended_ && key_ > 0 && !transport_.handler_->waits_for(key_)) finish();
}

void HttpTransport::Post::on_end(Result<void> result) {
  if (ended_) return;
  if (!result) return take_failure(result.error());
  if (status_ == kUnauthorized) {
    const std::string url = text::redact_addresses(transport_.server_.url);
    ended_ = true;
    return transport_.handler_->on_closed(
        {ErrorCode::kAuth,
         fmt::format("Sign in with npx mcp-remote: set command = [\"npx\", \"-y\", \"mcp-remote\", "
                     "\"{}\"] instead of url for the tool server \"{}\", or give it a header "
                     "Authorization: it answered with status 401.",
                     url, name())});
  }
  if (status_ == kNotFound && had_session_) {
    ended_ = true;
    transport_.session_.clear();
    transport_.handler_->on_session_lost(key_);
    return finish();
  }
  if (is_stream_) {
    parser_.finish();
    if (!ended_) {
      refuse(ErrorCode::kLost,
             fmt::format("The tool server \"{}\" ended its stream before it answered.", name()));
    }
    return;
  }
  take_body();
}

void HttpTransport::Post::take_body() {
  const std::string_view text = text::trim(body_.text());
  if (body_.too_long()) return refuse_too_long();
  // The body of a refusal may be an error of the protocol.
  if (text.starts_with('{') || text.starts_with('[')) {
    transport_.handler_->on_message(text, body_.left_out(), key_);
    if (ended_) return;
  }
  refuse(ErrorCode::kProtocol, status_message());
}

std::string HttpTransport::Post::status_message() const {
  if (status_ / 100 == 2) {
    return fmt::format("Check the url of the tool server \"{}\": what is there does not speak MCP.",
                       name());
  }
  const std::string words = text::printable(text::trim(body_.text()), kMostWords);
  return fmt::format(
      "Check the url and headers of the tool server \"{}\": it answered with status "
      "{}{}",
      name(), status_, words.empty() ? "." : ": " + words);
}

void HttpTransport::Post::take_failure(const Error& why) {
  TransportHandler* const handler = transport_.handler_;
  const std::string url = text::redact_addresses(transport_.server_.url);
  switch (why.code) {
    case ErrorCode::kConnect:
    case ErrorCode::kTimeout:
    case ErrorCode::kBadConfig:
    case ErrorCode::kTls: {
      handler->on_log(why.message);
      ended_ = true;
      const std::string_view what =
          why.code == ErrorCode::kTls ? "TLS failed with" : "no connection to";
      return handler->on_closed(
          {why.code, fmt::format("Start the tool server \"{}\", or check its url: {} {}.", name(),
                                 what, url)});
    }
    default:
      return refuse(why.code, why.message);
  }
}

void HttpTransport::Post::refuse_too_long() {
  refuse(ErrorCode::kProtocol,
         fmt::format("Ask for less: the tool server \"{}\" sent a message of more than {} MiB.",
                     name(), kMostMessage >> 20));
}

/// Reports that there is no answer, which does nothing if there was one.
void HttpTransport::Post::refuse(ErrorCode code, std::string message) {
  ended_ = true;
  if (key_ > 0) transport_.handler_->on_refused(key_, {code, std::move(message)});
  finish();
}

void HttpTransport::Post::finish() {
  ended_ = true;
  if (transfer_) transfer_->release();
  transport_.end(key_);
}

}  // namespace chatvim::mcp
