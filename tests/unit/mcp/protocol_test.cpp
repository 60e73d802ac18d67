// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "protocol_support.hpp"

namespace chatvim::mcp {
namespace {

using testing::Talk;
using namespace std::chrono_literals;

const std::string kOk = R"({"content":[{"type":"text","text":"ok"}]})";

TEST_CASE("mcp protocol: a list of several pages, one with an empty cursor", "[mcp]") {
  Talk talk;
  talk.start(Kind::kLegacy);
  const auto first = talk.list();
  const auto second = talk.list();  // joins the first
  const auto page = talk.next("tools/list");
  CHECK_FALSE(page["params"].contains("cursor"));
  talk.result(page, R"({"tools":[{"name":"b"}],"nextCursor":""})");
  const auto next = talk.next("tools/list");
  CHECK(next["params"]["cursor"] == "");
  talk.result(next, R"({"tools":[{"name":"a"}]})");
  CHECK(talk.sent.empty());
  for (const auto ticket : {first, second}) {
    REQUIRE(talk.lists.at(ticket));
    CHECK(talk.lists.at(ticket)->size() == 2);
    CHECK(talk.lists.at(ticket)->front().name == "b");
  }
  CHECK_FALSE(talk.protocol.deadline());
}

TEST_CASE("mcp protocol: a list that fails, and one of a server without tools", "[mcp]") {
  Talk talk;
  talk.start(Kind::kLegacy);
  const auto failed = talk.list();
  talk.error(talk.next("tools/list"), -32603);
  CHECK(talk.lists.at(failed).error().message ==
        "Check the tool server \"files\": it does not list its tools: no (error -32603)");
  const auto none = talk.list();
  talk.error(talk.next("tools/list"), -32601);
  CHECK(talk.lists.at(none)->empty());
  const auto slow = talk.list();
  const auto request = talk.next("tools/list");
  talk.wait(60s);
  CHECK(talk.lists.at(slow).error().code == ErrorCode::kTimeout);
  CHECK(talk.next("notifications/cancelled")["params"]["requestId"] == request["id"]);
}

TEST_CASE("mcp protocol: changes of the list are told once until it is asked for again", "[mcp]") {
  Talk talk;
  talk.start(Kind::kLegacy);
  const std::string changed = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";
  for (int i = 0; i < 1000; ++i) talk.receive(changed);
  CHECK(talk.changes == 1);
  talk.list();
  const auto page = talk.next("tools/list");
  talk.receive(changed);
  talk.receive(changed);
  CHECK(talk.changes == 1);
  talk.result(page, R"({"tools":[]})");
  CHECK(talk.changes == 2);
}

TEST_CASE("mcp protocol: answers in any order, ids as strings, batches", "[mcp]") {
  Talk talk;
  talk.start(Kind::kLegacy);
  const auto a = talk.call("a", "{\n\"x\": 1\r\n}");
  const auto b = talk.call("b");
  const auto c = talk.call("c", "");
  const auto request_a = talk.next("tools/call");
  CHECK(request_a["params"]["name"] == "a");
  CHECK(request_a["params"]["arguments"]["x"] == 1);
  const auto request_b = talk.next("tools/call");
  const auto request_c = talk.next("tools/call");
  CHECK(request_c["params"]["arguments"] == Talk::Json::object());
  talk.receive(fmt::format(
      R"([{{"id":"{}","result":{}}},{{"jsonrpc":"2.0","method":"x"}},{{"id":{}.0,"result":{}}}])",
      request_c["id"].dump(), kOk, request_a["id"].dump(), kOk));
  CHECK(talk.calls.at(c).text == "ok");
  CHECK(talk.calls.at(a).text == "ok");
  talk.error(request_b, -32602);
  CHECK(talk.calls.at(b).text == "no (error -32602)");
  CHECK(talk.calls.at(b).is_error);
  const auto bad = talk.call("d", "[1]");
  CHECK(talk.calls.at(bad).is_error);
  CHECK(talk.sent.empty());
}

TEST_CASE("mcp protocol: a call has 60 seconds, put back by progress, 10 minutes in all", "[mcp]") {
  for (const Kind kind : {Kind::kLegacy, Kind::kModern}) {
    Talk talk;
    talk.start(kind);
    const auto ticket = talk.call("a");
    const auto request = talk.next("tools/call");
    const std::string progress = fmt::format(
        R"({{"jsonrpc":"2.0","method":"notifications/progress","params":{{"progressToken":{},"progress":1}}}})",
        request["params"]["_meta"]["progressToken"].dump());
    for (int i = 0; i < 10; ++i) {
      talk.wait(59s);
      talk.receive(progress);
    }
    CHECK(talk.calls.empty());
    talk.wait(10s);
    CHECK(talk.calls.at(ticket).text == "The tool did not finish within 10 minutes.");
    const auto cancelled = talk.next("notifications/cancelled");
    CHECK(cancelled["params"]["requestId"] == request["id"]);
    CHECK(talk.forgotten == std::vector<Id>{request["id"].get<Id>()});
    talk.result(request, kOk);  // late
    CHECK(talk.calls.size() == 1);
  }
}

TEST_CASE("mcp protocol: a call without progress, and one that is cancelled", "[mcp]") {
  Talk talk;
  talk.start(Kind::kLegacy);
  const auto slow = talk.call("a");
  const auto request = talk.next("tools/call");
  talk.receive(R"({"method":"notifications/progress","params":{"progressToken":99}})");
  talk.receive(R"({"method":"notifications/progress","params":{"progressToken":{}}})");
  talk.wait(60s);
  CHECK(talk.calls.at(slow).text == "The tool did not answer within 60 seconds (timeout).");
  talk.next("notifications/cancelled");
  const auto cancelled = talk.call("b");
  const auto second = talk.next("tools/call");
  talk.protocol.cancel(cancelled);
  talk.protocol.cancel(cancelled);
  talk.act();
  CHECK(talk.next("notifications/cancelled")["params"]["requestId"] == second["id"]);
  talk.result(second, kOk);
  CHECK(talk.calls.size() == 1);
  CHECK(talk.sent.empty());
  CHECK_FALSE(talk.protocol.waits_for(request["id"]));
}

TEST_CASE("mcp protocol: over HTTP a modern server is not told of a cancelled call", "[mcp]") {
  for (const Kind kind : {Kind::kLegacy, Kind::kModern}) {
    Talk talk(true);
    talk.start(kind);
    const auto ticket = talk.call("a");
    if (kind == Kind::kModern) talk.result(talk.next("tools/list"), R"({"tools":[]})");
    talk.next("tools/call");
    talk.protocol.cancel(ticket);
    talk.act();
    CHECK(talk.forgotten.size() == 1);
    CHECK(talk.sent.size() == (kind == Kind::kModern ? 0 : 1));
  }
}

TEST_CASE("mcp protocol: a call that waits for the start can be cancelled", "[mcp]") {
  Talk talk;
  const auto ticket = talk.call("a");
  talk.protocol.cancel(ticket);
  talk.start(Kind::kLegacy);
  CHECK(talk.sent.empty());
}

TEST_CASE("mcp protocol: requests of the server are answered, by a modern one not", "[mcp]") {
  Talk talk;
  talk.start(Kind::kLegacy);
  talk.receive(R"({"jsonrpc":"2.0","id":"x","method":"ping"})");
  const auto pong = talk.next("");
  CHECK(pong["id"] == "x");
  CHECK(pong["result"] == Talk::Json::object());
  talk.receive(R"({"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}})");
  CHECK(talk.next("")["error"]["code"] == -32601);
  talk.receive(R"({"jsonrpc":"2.0","id":{"a":1},"method":"ping"})");
  CHECK(talk.sent.empty());
  Talk modern;
  modern.start(Kind::kModern);
  modern.receive(R"({"jsonrpc":"2.0","id":"x","method":"ping"})");
  CHECK(modern.sent.empty());
}

TEST_CASE("mcp protocol: an end of the connection fails what waits, a new one starts anew",
          "[mcp]") {
  Talk talk;
  talk.start(Kind::kLegacy);
  const auto call = talk.call("a");
  const auto list = talk.list();
  const auto old = talk.next("tools/call");
  talk.protocol.close({ErrorCode::kLost, "it ended"});
  talk.act();
  CHECK(talk.calls.at(call).text == "it ended");
  CHECK(talk.lists.at(list).error().message == "it ended");
  CHECK_FALSE(talk.protocol.is_open());
  talk.sent.clear();
  const auto again = talk.call("a");
  talk.start(Kind::kLegacy);
  talk.result(old, kOk);
  CHECK(talk.calls.size() == 1);
  talk.result(talk.next("tools/call"), kOk);
  CHECK(talk.calls.at(again).text == "ok");
}

TEST_CASE("mcp protocol: a message that is too long fails what waits for an answer", "[mcp]") {
  Talk talk;
  talk.start(Kind::kLegacy);
  const auto call = talk.call("a");
  talk.protocol.receive_too_long(talk.now);
  talk.act();
  CHECK(talk.calls.at(call).text ==
        "Ask for less: the tool server \"files\" sent a message of more than 16 MiB.");
}

/// A server that does anything, at random; each ticket gets one answer at most, and exactly one in
/// the end.
TEST_CASE("mcp protocol: random interleavings answer everything once", "[mcp]") {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&random](unsigned most) { return static_cast<unsigned>(random() % most); };
    Talk talk(pick(2) == 0);
    std::vector<Ticket> lists;
    std::vector<Ticket> calls;
    std::vector<Talk::Json> requests;
    for (int step = 0; step < 60; ++step) {
      for (; !talk.sent.empty(); talk.sent.pop_front()) {
        if (talk.sent.front().contains("id")) requests.push_back(talk.sent.front());
      }
      if (talk.restarts > 0) {
        talk.restarts = 0;
        talk.open();
      }
      const auto request = [&] { return requests[pick(static_cast<unsigned>(requests.size()))]; };
      switch (pick(11)) {
        case 0:
          lists.push_back(talk.list());
          talk.open();
          break;
        case 1:
        case 2:
          calls.push_back(talk.call("t"));
          talk.open();
          break;
        case 3:
          if (!requests.empty()) talk.result(request(), kOk);
          break;
        case 4:
          if (!requests.empty()) talk.error(request(), pick(2) == 0 ? -32601 : -32022);
          break;
        case 5:
          if (!requests.empty()) {
            talk.result(request(), R"({"protocolVersion":"2025-11-25","supportedVersions":)"
                                   R"(["2026-07-28"],"tools":[{"name":"t"}]})");
          }
          break;
        case 6:
          talk.wait(std::chrono::seconds(pick(70)));
          break;
        case 7:
          talk.receive(
              R"([{"id":1,"method":"ping"},{"method":"notifications/tools/list_changed"}])");
          break;
        case 8:
          if (pick(4) == 0) talk.protocol.close({ErrorCode::kLost, "it ended"});
          talk.act();
          break;
        case 9:
          if (!requests.empty()) talk.protocol.lose_session(request()["id"], talk.now);
          talk.act();
          break;
        default:
          if (!calls.empty() && pick(3) == 0) {
            const auto ticket = calls[pick(static_cast<unsigned>(calls.size()))];
            talk.protocol.cancel(ticket);
            talk.act();
            if (talk.calls.count(ticket) == 0) std::erase(calls, ticket);
          }
      }
    }
    talk.protocol.close({ErrorCode::kLost, "the end"});
    talk.protocol.close({ErrorCode::kLost, "the end"});
    talk.act();
    CHECK_FALSE(talk.protocol.deadline());
    for (const Ticket ticket : lists) CHECK(talk.lists.count(ticket) == 1);
    for (const Ticket ticket : calls) CHECK(talk.calls.count(ticket) == 1);
  }
}

}  // namespace
}  // namespace chatvim::mcp
