// SPDX-License-Identifier: Apache-2.0
#include "http_transport.hpp"

#include <utility>

#include "http_post.hpp"
#include "param_headers.hpp"

namespace chatvim::mcp {

HttpTransport::HttpTransport(loop::Loop& loop, http::Client& http, const tools::Server& server,
                             TransportHandler& handler)
    : loop_(loop), http_(http), server_(server), handler_(&handler) {}

HttpTransport::~HttpTransport() { silence(); }

Result<void> HttpTransport::start() { return {}; }

void HttpTransport::send(const action::Send& message) {
  if (held_for_ != 0) return held_.push_back(message);
  const Id key = message.id != 0 ? message.id : --last_key_;
  if (message.method == "initialize") session_.clear();
  if (message.method == "notifications/initialized") held_for_ = key;
  const auto post = std::make_shared<Post>(*this, key, message);
  posts_.emplace(key, post);
  // libcurl takes no new request while it calls back, and this may be the answer to such a call.
  loop_.post(
      [post, request = make_request(message)]() mutable { post->start(std::move(request)); });
}

http::Request HttpTransport::make_request(const action::Send& message) const {
  http::Request request;
  request.url = server_.url;
  request.body = std::make_shared<const std::string>(message.json);
  request.idle_timeout = 0;  // the protocol has its own limits
  request.headers = {{"Content-Type", "application/json"},
                     {"Accept", "application/json, text/event-stream"}};
  const auto add = [&request](std::string_view name, std::string value) {
    request.headers.emplace_back(name, std::move(value));
  };
  if (!message.version.empty()) add("MCP-Protocol-Version", message.version);
  if (message.is_modern) {
    if (!message.method.empty()) add("Mcp-Method", message.method);
    if (!message.tool.empty()) add("Mcp-Name", encode_header_value(message.tool));
    for (const auto& [name, value] : message.headers) add(name, value);
  } else if (!session_.empty()) {
    add("Mcp-Session-Id", session_);
  }
  for (const auto& [name, value] : server_.headers) add(name, value);
  return request;
}

void HttpTransport::forget(Id id) {
  std::erase_if(held_, [id](const action::Send& message) { return message.id == id; });
  const auto found = posts_.find(id);
  if (found == posts_.end()) return;
  found->second->stop();
  end(id);
}

/// A message has been dealt with. Its post may be the caller.
void HttpTransport::end(Id key) {
  const auto found = posts_.find(key);
  if (found == posts_.end()) return;
  loop_.post([post = std::move(found->second)]() mutable { post.reset(); });
  posts_.erase(found);
  if (key != held_for_) return;
  held_for_ = 0;
  for (const action::Send& message : std::exchange(held_, {})) send(message);
}

void HttpTransport::silence() {
  handler_ = nullptr;
  held_.clear();
  for (const auto& [key, post] : posts_) post->stop();
}

}  // namespace chatvim::mcp
