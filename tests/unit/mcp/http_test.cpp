// SPDX-License-Identifier: Apache-2.0
// The client over HTTP, with a server that is played by the test.
#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <nlohmann/json.hpp>

#include "chatvim/mcp/client.hpp"
#include "loop_support.hpp"

namespace chatvim::mcp {
namespace {

using Json = nlohmann::ordered_json;
using testing::TestLoop;

/// Keeps requests until the test answers them.
class FakeHttp final : public http::Client {
 public:
  struct Asked {
    http::Request request;
    http::Handler* handler;
    std::shared_ptr<bool> is_open = std::make_shared<bool>(true);
    Json body() const { return Json::parse(*request.body); }
    std::string header(const std::string& name) const {
      for (const auto& [key, value] : request.headers) {
        if (key == name) return value;
      }
      return "";
    }
  };

  std::unique_ptr<http::Transfer> start(http::Request request, http::Handler& handler) override {
    asked.push_back({std::move(request), &handler});
    return std::make_unique<Transfer>(asked.back().is_open);
  }
  void rehearse(const http::Request&) override {}
  void warm(const http::Request&) override {}

  std::deque<Asked> asked;

 private:
  struct Transfer final : http::Transfer {
    explicit Transfer(std::shared_ptr<bool> open) : is_open(std::move(open)) {}
    ~Transfer() override { *is_open = false; }
    void release() override { *is_open = false; }
    std::shared_ptr<bool> is_open;
  };
};

/// A client, and the server that the test plays.
struct Play {
  TestLoop test;
  FakeHttp http;
  tools::Server server = [] {
    tools::Server one;
    one.name = "web";
    one.url = "https://user:secret@example.org/mcp";
    one.headers = {{"Authorization", "Bearer x"}};
    return one;
  }();
  std::unique_ptr<Client> client =
      std::make_unique<Client>(Client::Parts{test.loop(), http, nullptr, "1.0"}, server,
                               std::vector<std::pair<std::string, std::string>>{});
  std::vector<tools::Result> results;

  std::unique_ptr<Call> call() {
    return client->call("t", "{}",
                        [this](tools::Result one) { results.push_back(std::move(one)); });
  }
  FakeHttp::Asked next(const std::string& method) {
    test.run_until([&] { return !http.asked.empty(); });
    FakeHttp::Asked asked = http.asked.front();
    http.asked.pop_front();
    CHECK(asked.body()["method"] == method);
    return asked;
  }
  void answer(const FakeHttp::Asked& asked, int status, const std::string& body,
              http::Headers headers = {{"content-type", "application/json"}}) {
    if (*asked.is_open) asked.handler->on_head(status, headers);
    if (*asked.is_open && !body.empty()) asked.handler->on_body(body);
    if (*asked.is_open) asked.handler->on_end({});
    test.turn();
  }
  static std::string result(const FakeHttp::Asked& asked, const std::string& json) {
    return R"({"jsonrpc":"2.0","id":)" + asked.body()["id"].dump() + R"(,"result":)" + json + "}";
  }
  void start_old(const std::string& session) {
    const auto initialize = next("initialize");
    CHECK(initialize.header("Mcp-Session-Id").empty());
    answer(initialize, 200, result(initialize, R"({"protocolVersion":"2025-11-25"})"),
           {{"Content-Type", "application/json"}, {"Mcp-Session-Id", session}});
    answer(next("notifications/initialized"), 202, "");
  }
};

const std::string kOkResult = R"({"content":[{"type":"text","text":"ok"}]})";

TEST_CASE("mcp http: a session is echoed, and a lost one is begun anew", "[mcp]") {
  Play play;
  const auto call = play.call();
  const auto probe = play.next("server/discover");
  CHECK(probe.header("MCP-Protocol-Version") == "2026-07-28");
  CHECK(probe.header("Mcp-Method") == "server/discover");
  CHECK(probe.header("Accept") == "application/json, text/event-stream");
  CHECK(probe.header("Authorization") == "Bearer x");
  play.answer(probe, 400, "Bad Request");
  play.start_old("one");
  const auto first = play.next("tools/call");
  CHECK(first.header("Mcp-Session-Id") == "one");
  CHECK(first.header("MCP-Protocol-Version") == "2025-11-25");
  CHECK(first.header("Mcp-Method").empty());
  play.answer(
      first, 404,
      R"({"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}})");
  play.start_old("two");
  const auto second = play.next("tools/call");
  CHECK(second.header("Mcp-Session-Id") == "two");
  play.answer(second, 200, Play::result(second, kOkResult));
  play.test.run_until([&] { return !play.results.empty(); });
  CHECK(play.results[0].text == "ok");
}

TEST_CASE("mcp http: a message waits until the session has begun", "[mcp]") {
  Play play;
  const auto call = play.call();
  play.answer(play.next("server/discover"), 404, "");
  const auto initialize = play.next("initialize");
  play.answer(initialize, 200, Play::result(initialize, R"({"protocolVersion":"2025-11-25"})"));
  const auto initialized = play.next("notifications/initialized");
  play.test.turn();
  CHECK(play.http.asked.empty());
  play.answer(initialized, 202, "");
  play.next("tools/call");
}

TEST_CASE("mcp http: events, a stream that stays open, and one that breaks off", "[mcp]") {
  Play play;
  auto call = play.call();
  const auto probe = play.next("server/discover");
  play.answer(probe, 200, Play::result(probe, R"({"supportedVersions":["2026-07-28"]})"));
  const auto list = play.next("tools/list");
  play.answer(list, 200, Play::result(list, R"({"tools":[]})"));
  const http::Headers events = {{"Content-Type", "text/event-stream; charset=utf-8"}};
  auto asked = play.next("tools/call");
  CHECK(asked.header("Mcp-Name") == "t");
  asked.handler->on_head(200, events);
  asked.handler->on_body(
      "id: 1\ndata:\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n");
  asked.handler->on_body("data: " + Play::result(asked, kOkResult) + "\n\n");
  CHECK_FALSE(*asked.is_open);
  play.test.run_until([&] { return play.results.size() == 1; });
  CHECK(play.results[0].text == "ok");
  call = play.call();
  asked = play.next("tools/call");
  play.answer(asked, 200, "data: {}\n\n", events);
  play.test.run_until([&] { return play.results.size() == 2; });
  CHECK(play.results[1].text == "The tool server \"web\" ended its stream before it answered.");
  // A call that is cancelled closes its stream, and says nothing.
  call = play.call();
  asked = play.next("tools/call");
  asked.handler->on_head(200, events);
  call.reset();
  CHECK_FALSE(*asked.is_open);
  play.test.turn();
  CHECK(play.http.asked.empty());
  CHECK(play.results.size() == 2);
}

TEST_CASE("mcp http: refusals are explained", "[mcp]") {
  Play play;
  auto call = play.call();
  play.answer(play.next("server/discover"), 401, "");
  play.test.run_until([&] { return play.results.size() == 1; });
  CHECK(play.results[0].text ==
        "Sign in with npx mcp-remote: set command = [\"npx\", \"-y\", \"mcp-remote\", "
        "\"https://user:***@example.org/mcp\"] instead of url for the tool server \"web\", or give "
        "it a header Authorization: it answered with status 401.");
  CHECK_FALSE(play.client->is_running());
  call = play.call();
  play.answer(play.next("server/discover"), 200, "<html>", {{"Content-Type", "text/html"}});
  play.answer(play.next("initialize"), 200, "<html>", {{"Content-Type", "text/html"}});
  play.test.run_until([&] { return play.results.size() == 2; });
  CHECK(play.results[1].text ==
        "Check the url of the tool server \"web\": what is there does not speak MCP.");
  call = play.call();
  play.answer(play.next("server/discover"), 500, "");
  play.answer(play.next("initialize"), 500, "no\x1b[31m luck");
  play.test.run_until([&] { return play.results.size() == 3; });
  CHECK(play.results[2].text ==
        "Check the url and headers of the tool server \"web\": it answered "
        "with status 500: no[31m luck");
}

TEST_CASE("mcp http: a client may be destroyed at any time", "[mcp]") {
  Play play;
  const auto call = play.call();
  const auto probe = play.next("server/discover");
  probe.handler->on_head(200, {{"Content-Type", "text/event-stream"}});
  play.client.reset();
  CHECK_FALSE(*probe.is_open);
  play.test.turn();
  CHECK(play.results.empty());
}

}  // namespace
}  // namespace chatvim::mcp
