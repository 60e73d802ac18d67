// SPDX-License-Identifier: Apache-2.0
// What the server sends: answers, notifications, and requests of its own.
#include <fmt/format.h>

#include <algorithm>

#include "chatvim/text/utf8.hpp"
#include "limits.hpp"
#include "protocol.hpp"
#include "result_text.hpp"
#include "versions.hpp"

namespace chatvim::mcp {

namespace {

constexpr std::size_t kMostServerWords = 4096;
constexpr std::size_t kMostIdBytes = 256;
constexpr std::size_t kMostMethodBytes = 60;

}  // namespace

bool Protocol::receive(std::string_view json, Time now, std::size_t left_out, Id from) {
  const auto messages = parse_messages(json);
  if (!messages) return false;
  for (const Message& message : *messages) {
    if (stage_ == Stage::kClosed) break;
    take(message, now, left_out, from);
  }
  return true;
}

void Protocol::receive_too_long(Time now) {
  std::vector<Id> all;
  for (const auto& [id, request] : requests_) {
    if (request.what != What::kListen) all.push_back(id);
  }
  const Error why{ErrorCode::kProtocol,
                  fmt::format("Ask for less: the tool server \"{}\" sent a message of more than {} "
                              "MiB.",
                              options_.server, kMostMessage >> 20)};
  for (const Id id : all) refuse(id, why, now);
}

void Protocol::take(const Message& message, Time now, std::size_t left_out, Id from) {
  switch (message.kind) {
    case Message::Kind::kRequest:
      return take_request(message);
    case Message::Kind::kNotification:
      return take_notification(message, now);
    case Message::Kind::kResult:
    case Message::Kind::kError: {
      const Id id = message.id.empty() ? from : id_number(message.id).value_or(0);
      if (id == 0 && message.kind == Message::Kind::kError) log(server_words(message));
      return take_answer(id, message, now, left_out);
    }
    case Message::Kind::kOther:
      return log("a message that is none of the protocol is skipped");
  }
}

/// We offer servers nothing, so that only a ping is answered. Modern servers send no requests, and
/// want no answers.
void Protocol::take_request(const Message& message) {
  const bool is_id = message.id.size() <= kMostIdBytes && !message.id.starts_with('{') &&
                     !message.id.starts_with('[');
  if (!is_id || kind_ == Kind::kModern) {
    return log("a request of the server is skipped: " +
               text::printable(message.method, kMostMethodBytes));
  }
  const std::string_view answer =
      message.method == "ping"
          ? R"("result":{})"
          : R"("error":{"code":-32601,"message":"This client offers nothing to servers."})";
  send(fmt::format(R"({{"jsonrpc":"2.0","id":{},{}}})", message.id, answer), "");
}

void Protocol::take_notification(const Message& message, Time now) {
  if (message.method == "notifications/tools/list_changed") {
    if (list_) {
      is_changed_meanwhile_ = true;
    } else {
      tell_change();
    }
  } else if (message.method == "notifications/progress") {
    const auto token = id_number(raw_member(message.params, "progressToken"));
    const auto found = token ? requests_.find(*token) : requests_.end();
    if (found == requests_.end() || found->second.what != What::kCall) return;
    found->second.deadline = std::min(Time(now + patience()), found->second.end);
  }
}

void Protocol::tell_change() {
  if (!std::exchange(is_change_told_, true)) actions_.emplace_back(action::ToolsChanged{});
}

void Protocol::take_answer(Id id, const Message& message, Time now, std::size_t left_out) {
  const auto found = requests_.find(id);
  const bool is_error = message.kind == Message::Kind::kError;
  if (found == requests_.end()) {
    // Otherwise it is the late answer to a request that was cancelled or took too long.
    if (id == probe_ && stage_ == Stage::kInitializing) take_late_probe(message, now);
    return;
  }
  Request request = std::move(found->second);
  requests_.erase(found);
  switch (request.what) {
    case What::kProbe:
      return is_error ? take_probe_error(message, now) : take_probe_result(message, now);
    case What::kInitialize:
      if (!is_error) return take_initialize_result(message, now);
      if (!is_probed_) return probe(now);  // the kind that was remembered is wrong
      return fail_start(
          {ErrorCode::kProtocol,
           fmt::format("Check the tool server \"{}\", or update it: it does not begin "
                       "to talk: {}",
                       options_.server, server_words(message))});
    case What::kList:
      return take_page(message, now);
    case What::kCall:
      return take_call(std::move(request), message, now, left_out);
    case What::kListen:
      return;
  }
}

void Protocol::take_page(const Message& message, Time now) {
  if (!list_) return;
  lost_sessions_ = 0;
  if (message.kind == Message::Kind::kError) {
    // A server that has no tools need not know the method.
    if (message.error_code == kMethodNotFound) return end_list(std::vector<tools::Tool>{}, now);
    return end_list(tl::unexpected(Error{
                        ErrorCode::kProtocol,
                        fmt::format("Check the tool server \"{}\": it does not list its tools: {}",
                                    options_.server, server_words(message))}),
                    now);
  }
  if (const auto next = list_->add(message.result)) return ask_page(next, now);
  end_list(std::move(list_->tools()), now);
}

void Protocol::take_call(Request request, const Message& message, Time now, std::size_t left_out) {
  lost_sessions_ = 0;
  if (message.kind == Message::Kind::kError) {
    if (message.error_code == kHeaderMismatch && options_.is_http && !request.is_retried) {
      // The schema has changed, and with it the headers.
      request.is_retried = true;
      waiting_.push_back(std::move(request));
      has_list_ = false;
      return send_waiting(now);
    }
    actions_.emplace_back(action::Called{request.ticket, {server_words(message), true}});
    return;
  }
  tools::Result result = message.result.starts_with('{')
                             ? read_result(message.result)
                             : tools::Result{"The tool returned no result.", true};
  result.left_out += left_out;
  actions_.emplace_back(action::Called{request.ticket, std::move(result)});
}

/// Returns what an error of the server says.
std::string Protocol::server_words(const Message& message) const {
  std::string words = message.error_message.substr(0, kMostServerWords);
  if (words.size() < message.error_message.size()) words = text::replace_invalid_utf8(words) + "…";
  return fmt::format("{} (error {})", words.empty() ? "The server reported no reason" : words,
                     message.error_code);
}

}  // namespace chatvim::mcp
