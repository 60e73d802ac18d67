// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mcp/protocol.hpp"

namespace chatvim::testing {

/// The protocol with a server that the test plays, and a clock that it moves.
class Talk {
 public:
  using Json = nlohmann::ordered_json;

  explicit Talk(bool is_http = false, mcp::Kind kind = mcp::Kind::kUnknown)
      : protocol({"files", "1.0", std::chrono::seconds(60), kind, is_http}) {}

  /// Carries out what the protocol wants.
  void act() {
    for (auto& one : protocol.take_actions()) std::visit([this](auto& what) { note(what); }, one);
  }

  void open() {
    protocol.open(now);
    act();
  }
  mcp::Ticket list() {
    const auto ticket = protocol.list(now);
    act();
    return ticket;
  }
  mcp::Ticket call(const std::string& tool, const std::string& arguments = "{}") {
    const auto ticket = protocol.call(tool, arguments, now);
    act();
    return ticket;
  }
  void receive(const std::string& json) {
    CHECK(protocol.receive(json, now));
    act();
  }
  void result(const Json& request, const std::string& result) {
    receive(
        fmt::format(R"({{"jsonrpc":"2.0","id":{},"result":{}}})", request["id"].dump(), result));
  }
  void error(const Json& request, int code, const std::string& data = "null") {
    receive(
        fmt::format(R"({{"jsonrpc":"2.0","id":{},"error":{{"code":{},"message":"no","data":{}}}}})",
                    request["id"].dump(), code, data));
  }
  void wait(std::chrono::seconds time) {
    now += time;
    protocol.tick(now);
    act();
  }

  /// Removes and returns the next message to the server, which must have this method.
  Json next(const std::string& method) {
    REQUIRE_FALSE(sent.empty());
    Json message = std::move(sent.front());
    sent.pop_front();
    CHECK(message.value("method", "") == method);
    return message;
  }

  /// Brings a server of the kind to where it answers requests.
  void start(mcp::Kind kind) {
    open();
    if (protocol.kind() != mcp::Kind::kLegacy) {
      const Json probe = next("server/discover");
      if (kind == mcp::Kind::kModern) {
        result(probe, R"({"resultType":"complete","supportedVersions":["2026-07-28"]})");
        return;
      }
      error(probe, -32601);
    }
    result(next("initialize"), R"({"protocolVersion":"2025-06-18","capabilities":{}})");
    next("notifications/initialized");
  }

  mcp::Protocol protocol;
  mcp::Protocol::Time now{std::chrono::hours(1)};
  std::deque<Json> sent;
  std::deque<mcp::action::Send> sends;  ///< the same with what headers are made of
  std::map<mcp::Ticket, Result<std::vector<tools::Tool>>> lists;
  std::map<mcp::Ticket, tools::Result> calls;
  std::vector<mcp::Id> forgotten;
  std::vector<std::string> log;
  int restarts = 0;
  int stops = 0;
  int changes = 0;

 private:
  void note(const mcp::action::Send& what) {
    CHECK(what.json.find('\n') == std::string::npos);
    sent.push_back(Json::parse(what.json));
    sends.push_back(what);
  }
  void note(const mcp::action::Restart&) { ++restarts; }
  void note(const mcp::action::Stop&) { ++stops; }
  void note(const mcp::action::Forget& what) { forgotten.push_back(what.id); }
  void note(const mcp::action::Listed& what) {
    CHECK(lists.emplace(what.ticket, what.tools).second);
  }
  void note(const mcp::action::Called& what) {
    CHECK(calls.emplace(what.ticket, what.result).second);
  }
  void note(const mcp::action::ToolsChanged&) { ++changes; }
  void note(const mcp::action::Log& what) { log.push_back(what.line); }
};

}  // namespace chatvim::testing
