// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <string>

#include "completion_support.hpp"

namespace chatvim::completion {
namespace {

const std::string kAnswer =
    "data: "
    "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n";
const std::string kText = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
const std::string kOverloaded =
    "data: {\"error\":{\"message\":\"busy\",\"type\":\"overloaded_error\"}}\n\n";
/// So long a server asks to wait where a test does not want to.
const http::Headers kSoon = {{"retry-after-ms", "1"}};

Result<void> broken(ErrorCode code) { return tl::unexpected(Error{code, "why"}); }

void answer(FakeClient& client, int status, const std::string& body,
            const http::Headers& headers = kSoon) {
  client.connect();
  client.head(status, headers);
  client.body(body);
  client.end();
}

TEST_CASE("what passes is tried again, twice at most", "[completion][retry]") {
  for (const int status : {408, 409, 429, 500, 502, 503, 504, 529}) {
    INFO(status);
    Run run;
    run.completion.start();
    for (int attempt = 1; attempt <= 2; ++attempt) {
      answer(run.client, status, R"({"error":{"message":"not now"}})");
      REQUIRE(run.sink.retries.size() == static_cast<std::size_t>(attempt));
      CHECK(run.sink.retries.back().attempt == attempt);
      CHECK(run.sink.retries.back().reason.message.find("not now") != std::string::npos);
      run.test.run_until([&] { return run.client.starts == attempt + 1; });
    }
    answer(run.client, status, R"({"error":{"message":"not now"}})");
    REQUIRE(run.outcome().notice);
    CHECK(run.outcome().notice->message.ends_with("Tried 3 times."));
    CHECK(run.client.starts == 3);
    CHECK(*run.client.last.body == "{}");
  }
}

TEST_CASE("a second try may succeed", "[completion][retry]") {
  struct Case {
    const char* name;
    std::function<void(FakeClient&)> first;
  };
  const Case cases[] = {
      {"overloaded", [](FakeClient& c) { answer(c, 529, "{}"); }},
      {"an error inside a good response", [](FakeClient& c) { answer(c, 200, kOverloaded); }},
      {"lost before the head", [](FakeClient& c) { c.end(broken(ErrorCode::kLost)); }},
      {"lost before the first delta",
       [](FakeClient& c) {
         c.head(200);
         c.end(broken(ErrorCode::kTruncated));
       }},
      {"a clean end before the first delta",
       [](FakeClient& c) {
         c.head(200);
         c.body(": ping\n\n");
         c.end();
       }},
      {"at the server's word", [](FakeClient& c) {
         answer(c, 400, "{}", {{"x-should-retry", "true"}, {"retry-after-ms", "1"}});
       }}};
  for (const Case& one : cases) {
    INFO(one.name);
    Run run;
    run.completion.start();
    one.first(run.client);
    run.test.run_until([&] { return run.client.starts == 2; });
    CHECK(run.sink.outcomes.empty());
    answer(run.client, 200, kAnswer);
    CHECK(run.outcome().kind == Outcome::Kind::kDone);
    CHECK(run.sink.text == "ok");
    CHECK_FALSE(run.sink.late);
  }
}

TEST_CASE("what does not pass is not tried again", "[completion][retry]") {
  struct Case {
    const char* name;
    std::function<void(FakeClient&)> act;
  };
  const Case cases[] = {
      {"after text",
       [](FakeClient& c) {
         c.head(200, kSoon);
         c.body(kText);
         c.body(kOverloaded);
       }},
      {"lost after text",
       [](FakeClient& c) {
         c.head(200);
         c.body(kText);
         c.end(broken(ErrorCode::kTruncated));
       }},
      {"money",
       [](FakeClient& c) {
         answer(c, 429, R"({"error":{"message":"no money","code":"insufficient_quota"}})",
                {{"x-should-retry", "true"}, {"retry-after-ms", "1"}});
       }},
      {"a mistake", [](FakeClient& c) { answer(c, 400, "{}"); }},
      {"a wrong key", [](FakeClient& c) { answer(c, 401, "{}"); }},
      {"the server says no",
       [](FakeClient& c) {
         answer(c, 503, "{}", {{"x-should-retry", "false"}});
       }},
      {"a long wait",
       [](FakeClient& c) {
         answer(c, 429, "{}", {{"retry-after", "61"}});
       }},
      {"a refused connection", [](FakeClient& c) { c.end(broken(ErrorCode::kConnect)); }},
      {"silence", [](FakeClient& c) { c.end(broken(ErrorCode::kTimeout)); }}};
  for (const Case& one : cases) {
    INFO(one.name);
    Run run;
    run.completion.start();
    one.act(run.client);
    CHECK(run.outcome().kind == Outcome::Kind::kError);
    CHECK(run.sink.retries.empty());
    CHECK(run.outcome().notice->message.find("Tried") == std::string::npos);
  }
}

TEST_CASE("the wait is the server's, or half a second that doubles", "[completion][retry]") {
  {
    Run run;
    run.completion.start();
    answer(run.client, 429, "{}", {{"retry-after", "7"}});
    CHECK(run.sink.retries.at(0).seconds == 7);
  }
  Run run;
  run.completion.start();
  answer(run.client, 503, "{}", {});
  const double first = run.sink.retries.at(0).seconds;
  CHECK(first <= 0.5);
  CHECK(first >= 0.375);
  run.test.run_until([&] { return run.client.starts == 2; });
  answer(run.client, 503, "{}", {});
  const double second = run.sink.retries.at(1).seconds;
  CHECK(second <= 1);
  CHECK(second >= 0.75);
}

TEST_CASE("stop ends the wait for a retry", "[completion][retry]") {
  Run run;
  run.completion.start();
  answer(run.client, 503, "{}");
  CHECK(run.sink.retries.size() == 1);
  run.completion.stop();
  CHECK(run.outcome().kind == Outcome::Kind::kStopped);
  bool passed = false;
  loop::Timer later(run.test.loop(), [&] { passed = true; });
  later.start(std::chrono::milliseconds(30));
  run.test.run_until([&] { return passed; });
  CHECK(run.client.starts == 1);
}

}  // namespace
}  // namespace chatvim::completion
