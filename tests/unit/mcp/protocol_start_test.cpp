// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>

#include "protocol_support.hpp"

namespace chatvim::mcp {
namespace {

using testing::Talk;
using namespace std::chrono_literals;

TEST_CASE("mcp start: a modern server is known by its answer to the probe", "[mcp]") {
  Talk talk;
  talk.open();
  const auto probe = talk.next("server/discover");
  const auto meta = probe["params"]["_meta"];
  CHECK(meta["io.modelcontextprotocol/protocolVersion"] == "2026-07-28");
  CHECK(meta["io.modelcontextprotocol/clientCapabilities"] == Talk::Json::object());
  CHECK(meta["io.modelcontextprotocol/clientInfo"]["name"] == "chatvim");
  CHECK(talk.protocol.kind() == Kind::kUnknown);
  talk.result(probe, R"({"supportedVersions":["2027-01-01","2026-07-28"]})");
  CHECK(talk.protocol.kind() == Kind::kModern);
  CHECK(talk.sent.empty());
  talk.call("t");
  const auto call = talk.next("tools/call");
  CHECK(call["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] == "2026-07-28");
  CHECK(call["params"]["_meta"]["progressToken"] == call["id"]);
}

TEST_CASE("mcp start: a modern server that reports changes is asked to", "[mcp]") {
  Talk talk;
  talk.open();
  talk.result(
      talk.next("server/discover"),
      R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}}})");
  const auto listen = talk.next("subscriptions/listen");
  CHECK(listen["params"]["notifications"]["toolsListChanged"] == true);
  talk.receive(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
  CHECK(talk.changes == 1);
  talk.wait(24h);
  CHECK(talk.sent.empty());
  CHECK(talk.protocol.is_ready());
}

TEST_CASE("mcp start: errors, nonsense and silence lead to the handshake", "[mcp]") {
  for (int how = 0; how < 4; ++how) {
    CAPTURE(how);
    Talk talk;
    talk.call("t");
    talk.open();
    const auto probe = talk.next("server/discover");
    if (how == 0) talk.error(probe, -32601);
    if (how == 1) talk.error(probe, -32602);
    if (how == 2) talk.result(probe, "{}");
    if (how == 3) talk.wait(10s);
    const auto initialize = talk.next("initialize");
    CHECK(initialize["params"]["protocolVersion"] == "2025-11-25");
    CHECK(initialize["params"]["capabilities"] == Talk::Json::object());
    CHECK_FALSE(initialize["params"].contains("_meta"));
    talk.result(initialize, R"({"protocolVersion":"2024-11-05","capabilities":{}})");
    talk.next("notifications/initialized");
    CHECK(talk.protocol.kind() == Kind::kLegacy);
    const auto call = talk.next("tools/call");
    CHECK(call["params"]["_meta"].size() == 1);
    talk.result(probe, R"({"supportedVersions":["2026-07-28"]})");  // too late
    CHECK(talk.protocol.kind() == Kind::kLegacy);
  }
}

TEST_CASE("mcp start: codes that only modern servers know do not lead to the handshake", "[mcp]") {
  for (const int code : {-32020, -32021}) {
    Talk talk;
    talk.open();
    talk.error(talk.next("server/discover"), code);
    CHECK(talk.protocol.kind() == Kind::kModern);
    CHECK(talk.sent.empty());
  }
}

TEST_CASE("mcp start: a version that both speak is chosen, or it is said that there is none",
          "[mcp]") {
  const auto start = [](const std::string& supported) {
    Talk talk;
    talk.list();
    talk.open();
    talk.error(talk.next("server/discover"), -32022, R"({"supported":)" + supported + "}");
    return talk;
  };
  CHECK(start(R"(["2030-01-01","2026-07-28"])").protocol.kind() == Kind::kModern);
  CHECK(start(R"(["2025-06-18"])").sent.front()["method"] == "initialize");
  const Talk none = start(R"(["2030-01-01"])");
  CHECK(none.stops == 1);
  REQUIRE(none.lists.size() == 1);
  CHECK(
      none.lists.at(1).error().message ==
      "Update Chatvim or the tool server \"files\": of the protocol's versions, the server speaks "
      "only 2030-01-01.");
  Talk old;
  old.call("t");
  old.open();
  old.error(old.next("server/discover"), -32601);
  old.result(old.next("initialize"), R"({"protocolVersion":"2031-01-01"})");
  CHECK(old.stops == 1);
  CHECK(old.calls.at(1).is_error);
  CHECK_FALSE(old.protocol.is_open());
}

TEST_CASE("mcp start: a process that dies of the probe is started again", "[mcp]") {
  Talk talk;
  talk.list();
  talk.open();
  talk.next("server/discover");
  talk.protocol.close({ErrorCode::kLost, "it ended"});
  talk.act();
  CHECK(talk.restarts == 1);
  CHECK(talk.lists.empty());
  talk.open();
  talk.result(talk.next("initialize"), R"({"protocolVersion":"2025-11-25"})");
  talk.next("notifications/initialized");
  talk.next("tools/list");
  CHECK(talk.protocol.kind() == Kind::kLegacy);
  // It is not asked again.
  talk.protocol.close({ErrorCode::kLost, "it ended"});
  talk.act();
  CHECK(talk.lists.at(1).error().message == "it ended");
  talk.open();
  talk.next("initialize");
}

TEST_CASE("mcp start: a process that ends in any case is started twice only", "[mcp]") {
  Talk talk;
  talk.list();
  talk.open();
  for (int i = 0; i < 2; ++i) {
    talk.protocol.close({ErrorCode::kLost, "it ended"});
    talk.act();
    if (talk.restarts == 1 && i == 0) talk.open();
  }
  CHECK(talk.restarts == 1);
  CHECK(talk.lists.at(1).error().message == "it ended");
  CHECK(talk.protocol.kind() == Kind::kUnknown);
}

TEST_CASE("mcp start: a kind that was remembered and is wrong does no harm", "[mcp]") {
  Talk now_modern(false, Kind::kLegacy);
  now_modern.open();
  now_modern.error(now_modern.next("initialize"), -32601);
  now_modern.result(now_modern.next("server/discover"), R"({"supportedVersions":["2026-07-28"]})");
  CHECK(now_modern.protocol.kind() == Kind::kModern);
  Talk now_old(false, Kind::kModern);
  now_old.open();
  now_old.error(now_old.next("server/discover"), -32601);
  now_old.result(now_old.next("initialize"), R"({"protocolVersion":"2025-11-25"})");
  CHECK(now_old.protocol.kind() == Kind::kLegacy);
  Talk neither;
  neither.list();
  neither.open();
  neither.error(neither.next("server/discover"), -32601);
  neither.error(neither.next("initialize"), -32601);
  CHECK(neither.stops == 1);
  CHECK(neither.lists.at(1).error().message ==
        "Check the tool server \"files\", or update it: it does not begin to talk: no (error "
        "-32601)");
}

TEST_CASE("mcp start: a modern server that takes long to start is still known", "[mcp]") {
  Talk talk;
  talk.list();
  talk.open();
  const auto probe = talk.next("server/discover");
  talk.wait(10s);
  const auto initialize = talk.next("initialize");
  talk.result(probe, R"({"supportedVersions":["2026-07-28"]})");
  CHECK(talk.protocol.kind() == Kind::kModern);
  talk.next("tools/list");
  talk.error(initialize, -32601);
  CHECK(talk.stops == 0);
  CHECK(talk.protocol.is_ready());
}

TEST_CASE("mcp start: a server that never answers is given up", "[mcp]") {
  Talk talk;
  talk.list();
  talk.call("t");
  talk.open();
  talk.wait(10s);
  talk.wait(59s);
  CHECK(talk.stops == 0);
  talk.wait(1s);
  CHECK(talk.stops == 1);
  CHECK(talk.lists.at(1).error().code == ErrorCode::kTimeout);
  CHECK(talk.calls.at(2).is_error);
  CHECK_FALSE(talk.protocol.deadline());
}

TEST_CASE("mcp start: over HTTP a refusal leads to the handshake, a lost session to a new one",
          "[mcp]") {
  Talk talk(true);
  const auto ticket = talk.call("t");
  talk.open();
  CHECK(talk.sends.front().is_modern);
  CHECK(talk.sends.front().version == "2026-07-28");
  talk.protocol.refuse(talk.next("server/discover")["id"], {ErrorCode::kProtocol, "400"}, talk.now);
  talk.act();
  talk.result(talk.next("initialize"), R"({"protocolVersion":"2025-11-25"})");
  CHECK(talk.sends[1].version.empty());
  CHECK_FALSE(talk.sends[1].is_modern);
  talk.next("notifications/initialized");
  CHECK(talk.sends.back().version == "2025-11-25");
  for (int i = 0; i < 3; ++i) {
    talk.protocol.lose_session(talk.next("tools/call")["id"], talk.now);
    talk.act();
    talk.result(talk.next("initialize"), R"({"protocolVersion":"2025-11-25"})");
    talk.next("notifications/initialized");
  }
  CHECK(talk.calls.empty());
  talk.protocol.lose_session(talk.next("tools/call")["id"], talk.now);
  talk.act();
  CHECK(talk.calls.at(ticket).is_error);
}

TEST_CASE("mcp start: a modern server over HTTP gets the headers that its list names", "[mcp]") {
  Talk talk(true);
  const auto ticket = talk.call("t", R"({"a":"x"})");
  talk.start(Kind::kModern);
  const std::string page =
      R"({"tools":[{"name":"t","inputSchema":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}},
      {"name":"bad","inputSchema":{"x-mcp-header":"A"}}]})";
  talk.result(talk.next("tools/list"), page);
  CHECK(talk.sends.back().headers ==
        std::vector<std::pair<std::string, std::string>>{{"Mcp-Param-A", "x"}});
  CHECK(talk.sends.back().tool == "t");
  CHECK(talk.log.size() == 1);
  // The server's schema has changed: once more, with the new one.
  talk.error(talk.next("tools/call"), -32020);
  talk.result(talk.next("tools/list"), R"({"tools":[{"name":"t"}]})");
  CHECK(talk.sends.back().headers.empty());
  talk.error(talk.next("tools/call"), -32020);
  CHECK(talk.calls.at(ticket).is_error);
}

}  // namespace
}  // namespace chatvim::mcp
