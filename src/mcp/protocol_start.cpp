// SPDX-License-Identifier: Apache-2.0
// From the connection to the first request: which kind of server it is, and which protocol version.
// See MCP 2026-07-28, "stdio: Backward Compatibility" and "Streamable HTTP: Backward
// Compatibility", and 2025-11-25, "Lifecycle".
#include <fmt/format.h>

#include <algorithm>

#include "chatvim/text/utf8.hpp"
#include "limits.hpp"
#include "protocol.hpp"
#include "versions.hpp"

namespace chatvim::mcp {

namespace {

constexpr std::size_t kMostVersions = 10;
constexpr std::size_t kMostVersionBytes = 40;

}  // namespace

void Protocol::open(Time now) {
  if (stage_ != Stage::kClosed) return;
  // Modern servers answer a probe at once, so that their kind need not be remembered.
  if (kind_ == Kind::kLegacy || assume_legacy_) {
    initialize(now);
  } else {
    probe(now);
  }
}

void Protocol::probe(Time now) {
  stage_ = Stage::kProbing;
  is_probed_ = true;
  version_ = kModernVersions.front();
  Request request;
  request.what = What::kProbe;
  request.deadline = now + kProbeTime;
  probe_ = send_request(std::move(request), "server/discover", "{" + meta(std::nullopt) + "}", now);
}

void Protocol::initialize(Time now) {
  stage_ = Stage::kInitializing;
  version_.clear();
  has_list_ = false;
  if (kind_ == Kind::kModern) kind_ = Kind::kUnknown;
  Request request;
  request.what = What::kInitialize;
  request.deadline = now + patience(kStartTime);
  send_request(
      std::move(request), "initialize",
      fmt::format(
          R"({{"protocolVersion":"{}","capabilities":{{}},"clientInfo":{{"name":"chatvim","version":{}}}}})",
          kLegacyVersions.front(), json_string(options_.version)),
      now);
}

void Protocol::take_probe_result(const Message& message, Time now) {
  const std::string_view versions = raw_member(message.result, "supportedVersions");
  // Some old servers answer anything with something.
  if (!versions.starts_with('[')) return initialize(now);
  const std::string_view tools = raw_member(raw_member(message.result, "capabilities"), "tools");
  sends_changes_ = raw_member(tools, "listChanged") == "true";
  choose_version(string_elements(versions), now);
}

void Protocol::take_probe_error(const Message& message, Time now) {
  sends_changes_ = false;
  if (message.error_code == kUnsupportedVersion) {
    const auto versions = string_elements(raw_member(message.error_data, "supported"));
    if (!versions.empty()) return choose_version(versions, now);
  }
  // Only modern servers know these.
  if (message.error_code == kHeaderMismatch || message.error_code == kMissingCapability) {
    return become_ready(Kind::kModern, kModernVersions.front(), now);
  }
  initialize(now);
}

void Protocol::choose_version(const std::vector<std::string>& versions, Time now) {
  if (const auto modern = common_version(kModernVersions, versions); !modern.empty()) {
    return become_ready(Kind::kModern, modern, now);
  }
  if (!common_version(kLegacyVersions, versions).empty()) return initialize(now);
  fail_start(version_error(versions));
}

/// A server that takes long to start, because it is downloaded first, answers the probe when it has
/// already been sent `initialize` too. If it does not know that, this is the answer that counts.
void Protocol::take_late_probe(const Message& message, Time now) {
  const auto versions = string_elements(raw_member(message.result, "supportedVersions"));
  if (common_version(kModernVersions, versions).empty()) return;
  std::erase_if(requests_,
                [](const auto& entry) { return entry.second.what == What::kInitialize; });
  take_probe_result(message, now);
}

void Protocol::take_initialize_result(const Message& message, Time now) {
  const std::string version = string_member(message.result, "protocolVersion").value_or("");
  const std::string_view known = common_version(kLegacyVersions, {version});
  if (known.empty()) return fail_start(version_error({version}));
  become_ready(Kind::kLegacy, known, now);
}

void Protocol::become_ready(Kind kind, std::string_view version, Time now) {
  stage_ = Stage::kReady;
  kind_ = kind;
  version_ = version;
  if (kind == Kind::kLegacy) {
    send(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", "notifications/initialized");
  } else if (sends_changes_ && !options_.is_http) {
    listen(now);
  }
  send_waiting(now);
}

/// Asks a modern server to report changes of its tools, which old ones do unasked. Over HTTP that
/// would keep a connection open all the time.
void Protocol::listen(Time now) {
  Request request;
  request.what = What::kListen;
  request.deadline = Time::max();  // it is answered when the server ends
  send_request(
      std::move(request), "subscriptions/listen",
      fmt::format(R"({{{},"notifications":{{"toolsListChanged":true}}}})", meta(std::nullopt)),
      now);
}

void Protocol::fail_start(const Error& why) {
  kind_ = Kind::kUnknown;
  disconnect();
  fail_requests(why);
  actions_.emplace_back(action::Stop{});
}

Error Protocol::version_error(const std::vector<std::string>& versions) const {
  std::string all;
  for (const std::string& version : versions) {
    if (&version - versions.data() == kMostVersions) break;
    all += (all.empty() ? "" : ", ") + text::printable(version, kMostVersionBytes);
  }
  return {ErrorCode::kProtocol,
          fmt::format("Update Chatvim or the tool server \"{}\": of the protocol's versions, the "
                      "server speaks only {}.",
                      options_.server, all.empty() ? "unknown ones" : all)};
}

}  // namespace chatvim::mcp
