// SPDX-License-Identifier: Apache-2.0
#include "protocol.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chatvim/json/cursor.hpp"
#include "limits.hpp"
#include "versions.hpp"

namespace chatvim::mcp {

namespace {

/// How often in a row a session may be started anew.
constexpr int kMostLostSessions = 3;

/// Makes JSON a single line: outside of strings, line breaks are only space.
std::string one_line(std::string json) {
  for (char& c : json) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return json;
}

}  // namespace

Protocol::Protocol(Options options) : options_(std::move(options)), kind_(options_.kind) {}

Ticket Protocol::list(Time now) {
  list_tickets_.push_back(++last_ticket_);
  if (!list_) list_wanted_ = true;
  if (stage_ == Stage::kReady) send_waiting(now);
  return last_ticket_;
}

Ticket Protocol::call(std::string tool, std::string arguments, Time now) {
  json::JsonCursor cursor(arguments);
  if (arguments.empty()) arguments = "{}";
  ++last_ticket_;
  if (arguments != "{}" &&
      (!cursor.object([&](std::string_view) { cursor.skip(); }) || !cursor.complete())) {
    actions_.emplace_back(
        action::Called{last_ticket_, {"The arguments are not a JSON object.", true}});
    return last_ticket_;
  }
  Request request;
  request.ticket = last_ticket_;
  request.tool = std::move(tool);
  request.arguments = one_line(std::move(arguments));
  waiting_.push_back(std::move(request));
  if (stage_ == Stage::kReady) send_waiting(now);
  return last_ticket_;
}

void Protocol::cancel(Ticket ticket) {
  std::erase_if(waiting_, [ticket](const Request& request) { return request.ticket == ticket; });
  const auto found = std::find_if(requests_.begin(), requests_.end(), [ticket](const auto& entry) {
    return entry.second.what == What::kCall && entry.second.ticket == ticket;
  });
  if (found == requests_.end()) return;
  const Id id = found->first;
  requests_.erase(found);
  abandon(id, "The user cancelled the call.");
}

void Protocol::close(const Error& why) {
  if (stage_ == Stage::kProbing && !options_.is_http) {
    // Some old servers end when they are asked for their kind.
    stage_ = Stage::kClosed;
    requests_.clear();
    assume_legacy_ = true;
    actions_.emplace_back(action::Restart{});
    return;
  }
  // A kind that was only remembered may be wrong.
  if (stage_ == Stage::kInitializing) kind_ = Kind::kUnknown;
  disconnect();
  fail_requests(why);
}

void Protocol::disconnect() {
  stage_ = Stage::kClosed;
  is_probed_ = false;
  assume_legacy_ = false;
  probe_ = 0;
  has_list_ = false;
}

void Protocol::refuse(Id id, const Error& why, Time now) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;
  const Request request = std::move(found->second);
  requests_.erase(found);
  switch (request.what) {
    case What::kProbe:
      return initialize(now);
    case What::kInitialize:
      return fail_start(why);
    case What::kList:
      return end_list(tl::unexpected(why), now);
    case What::kCall:
      actions_.emplace_back(action::Called{request.ticket, {why.message, true}});
      return;
    case What::kListen:
      return;
  }
}

void Protocol::lose_session(Id id, Time now) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;
  Request& request = found->second;
  if (++lost_sessions_ > kMostLostSessions ||
      (request.what != What::kCall && request.what != What::kList)) {
    return refuse(id,
                  {ErrorCode::kProtocol, fmt::format("Check the url of the tool server \"{}\": "
                                                     "nothing was found there (status 404).",
                                                     options_.server)},
                  now);
  }
  if (request.what == What::kList) {
    list_.reset();
    list_wanted_ = true;
  } else {
    waiting_.push_back(std::move(request));
  }
  requests_.erase(found);
  if (stage_ == Stage::kReady) initialize(now);
}

std::optional<Protocol::Time> Protocol::deadline() const {
  std::optional<Time> first;
  for (const auto& [id, request] : requests_) {
    if (request.what == What::kListen) continue;  // answered when the server ends
    if (request.deadline && (!first || *request.deadline < *first)) first = request.deadline;
  }
  return first;
}

void Protocol::tick(Time now) {
  std::vector<Id> late;
  for (const auto& [id, request] : requests_) {
    if (request.deadline && *request.deadline <= now) late.push_back(id);
  }
  for (const Id id : late) {
    const auto found = requests_.find(id);
    if (found == requests_.end()) continue;
    const Request request = std::move(found->second);
    requests_.erase(found);
    time_out(id, request, now);
  }
}

void Protocol::time_out(Id id, const Request& request, Time now) {
  const double seconds = options_.timeout.count();
  switch (request.what) {
    case What::kProbe:
      return initialize(now);
    case What::kInitialize:
      return fail_start(
          {ErrorCode::kTimeout,
           fmt::format("Look at the log, or raise timeout of the tool server \"{}\": "
                       "it did not start within {:g} seconds.",
                       options_.server, std::max(seconds, double{kStartTime.count()}))});
    case What::kList:
      abandon(id, "The client waited too long.");
      return end_list(
          tl::unexpected(Error{
              ErrorCode::kTimeout,
              fmt::format("Look at the log, or raise timeout of the tool server \"{}\": it did not "
                          "list its tools within {:g} seconds.",
                          options_.server, seconds)}),
          now);
    case What::kCall: {
      abandon(id, "The client waited too long.");
      const std::string text =
          now >= request.end
              ? fmt::format("The tool did not finish within {} minutes.", kLongestCall.count())
              : fmt::format("The tool did not answer within {:g} seconds (timeout).", seconds);
      actions_.emplace_back(action::Called{request.ticket, {text, true}});
      return;
    }
    case What::kListen:
      return;
  }
}

/// Tells the server that the answer to a request is not needed any longer. Over HTTP, for modern
/// servers, the end of the stream says so.
void Protocol::abandon(Id id, std::string_view reason) {
  actions_.emplace_back(action::Forget{id});
  if (options_.is_http && kind_ == Kind::kModern) return;
  send(
      fmt::format(
          R"({{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{},"reason":{}}}}})",
          id, json_string(reason)),
      "notifications/cancelled");
}

void Protocol::fail_requests(const Error& why) {
  list_.reset();
  list_wanted_ = false;
  for (const Ticket ticket : std::exchange(list_tickets_, {})) {
    actions_.emplace_back(action::Listed{ticket, tl::unexpected(why)});
  }
  const auto fail = [&](const Request& request) {
    if (request.what != What::kCall) return;
    actions_.emplace_back(action::Called{request.ticket, {why.message, true}});
  };
  for (const auto& [id, request] : std::exchange(requests_, {})) fail(request);
  for (const Request& request : std::exchange(waiting_, {})) fail(request);
}

/// Returns the time that an answer may take, at least `least`.
std::chrono::nanoseconds Protocol::patience(std::chrono::duration<double> least) const {
  constexpr std::chrono::duration<double> kMost{24 * 3600};
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::clamp(options_.timeout, least, kMost));
}

Id Protocol::send_request(Request request, std::string_view method, std::string params, Time now) {
  const Id id = ++last_id_;
  if (!request.deadline) request.deadline = now + patience();
  action::Send message;
  message.json =
      fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"{}","params":{}}})", id, method, params);
  message.id = id;
  message.method = method;
  message.tool = request.tool;
  message.version = version_;
  message.is_modern = stage_ == Stage::kProbing || kind_ == Kind::kModern;
  if (const auto found = param_headers_.find(request.tool); found != param_headers_.end()) {
    message.headers = make_param_headers(found->second, request.arguments);
  }
  requests_.emplace(id, std::move(request));
  actions_.emplace_back(std::move(message));
  return id;
}

void Protocol::send(std::string json, std::string_view method) {
  action::Send message;
  message.json = std::move(json);
  message.method = method;
  message.version = version_;
  message.is_modern = kind_ == Kind::kModern;
  actions_.emplace_back(std::move(message));
}

/// Returns the member `"_meta":{...}` with a comma in front, or nothing if there is none.
std::string Protocol::meta(std::optional<Id> progress_token) const {
  std::string members;
  if (stage_ == Stage::kProbing || kind_ == Kind::kModern) {
    members =
        fmt::format(R"("io.modelcontextprotocol/protocolVersion":"{}",)"
                    R"("io.modelcontextprotocol/clientInfo":{{"name":"chatvim","version":{}}},)"
                    R"("io.modelcontextprotocol/clientCapabilities":{{}})",
                    version_, json_string(options_.version));
  }
  if (progress_token) {
    members += fmt::format(R"({}"progressToken":{})", members.empty() ? "" : ",", *progress_token);
  }
  return members.empty() ? members : fmt::format(R"("_meta":{{{}}})", members);
}

/// Sends what waited for the connection.
void Protocol::send_waiting(Time now) {
  if (!list_ && (list_wanted_ || (needs_list() && !waiting_.empty()))) {
    list_wanted_ = false;
    is_change_told_ = false;
    list_ = std::make_unique<ToolList>(options_.server, options_.is_http && kind_ == Kind::kModern);
    ask_page(std::nullopt, now);
  }
  if (needs_list()) return;
  for (Request& request : std::exchange(waiting_, {})) send_call(std::move(request), now);
}

/// Whether calls need the list of tools: it says which parameters become headers.
bool Protocol::needs_list() const {
  return options_.is_http && kind_ == Kind::kModern && !has_list_;
}

void Protocol::ask_page(const std::optional<std::string>& cursor, Time now) {
  std::string params = meta(std::nullopt);
  if (cursor)
    params += fmt::format(R"({}"cursor":{})", params.empty() ? "" : ",", json_string(*cursor));
  Request request;
  request.what = What::kList;
  send_request(std::move(request), "tools/list", "{" + params + "}", now);
}

void Protocol::send_call(Request request, Time now) {
  request.deadline = now + patience();
  request.end = now + kLongestCall;
  const std::string arguments = request.arguments;
  std::string params = fmt::format(R"({{"name":{},"arguments":{},{}}})", json_string(request.tool),
                                   arguments, meta(last_id_ + 1));
  send_request(std::move(request), "tools/call", std::move(params), now);
}

void Protocol::end_list(const Result<std::vector<tools::Tool>>& tools, Time now) {
  if (list_) {
    for (const std::string& remark : list_->remarks()) log(remark);
    param_headers_ = std::move(list_->headers());
  }
  list_.reset();
  has_list_ = true;  // after a failure too: a call without headers is better than none
  for (const Ticket ticket : std::exchange(list_tickets_, {})) {
    actions_.emplace_back(action::Listed{ticket, tools});
  }
  if (std::exchange(is_changed_meanwhile_, false)) tell_change();
  if (stage_ == Stage::kReady) send_waiting(now);
}

}  // namespace chatvim::mcp
