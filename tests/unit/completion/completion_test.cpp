// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/completion.hpp"

#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "completion_support.hpp"
#include "loop_support.hpp"
#include "property.hpp"

namespace chatvim::completion {
namespace {

std::string delta(const std::string& field, const std::string& text) {
  return R"(data: {"choices":[{"index":0,"delta":{")" + field + R"(":")" + text + "\"}}]}\n\n";
}
std::string finish(const std::string& reason) {
  return R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":")" + reason + "\"}]}\n\n";
}
const std::string kDone = "data: [DONE]\n\n";

TEST_CASE("an answer goes through its phases to one outcome", "[completion]") {
  Run run(plan({{"KEY"}, {}, "", false}));
  run.completion.start();
  REQUIRE(run.client.starts == 1);
  CHECK(run.client.last.url == "http://127.0.0.1:9/v1/chat/completions");
  const http::Headers headers = run.client.last.headers;
  CHECK(std::find(headers.begin(), headers.end(),
                  std::pair<std::string, std::string>{"Authorization", "Bearer secret"}) !=
        headers.end());
  run.client.connect();
  run.client.head(200);
  run.client.body(delta("reasoning_content", "h\xC3\xA9"));
  CHECK(run.sink.reasoning_characters == 2);
  run.client.body(delta("content", "Hel"));
  run.client.body(delta("content", "lo") + finish("stop") + kDone);
  CHECK(run.outcome().kind == Outcome::Kind::kDone);
  CHECK_FALSE(run.outcome().notice);
  CHECK(run.outcome().finish_reason == "stop");
  CHECK(run.outcome().seconds_to_text);
  CHECK(run.sink.text == "Hello");
  CHECK(run.sink.reasoning == "h\xC3\xA9");
  CHECK(run.sink.phases == std::vector<Phase>{Phase::kKey, Phase::kConnecting, Phase::kWaiting,
                                              Phase::kThinking, Phase::kWriting});
  // The connection is kept for the next request.
  CHECK(run.client.released == 1);
  CHECK(run.client.destroyed == 1);
}

TEST_CASE("each way to end badly is one error with its code", "[completion]") {
  struct Case {
    const char* name;
    std::function<void(FakeClient&)> act;
    ErrorCode code;
    std::string text;
  };
  const auto broken = [](ErrorCode code) {
    return Result<void>(tl::unexpected(Error{code, "why"}));
  };
  const Case cases[] = {
      {"no connection", [&](FakeClient& c) { c.end(broken(ErrorCode::kConnect)); },
       ErrorCode::kConnect, ""},
      {"lost before the head",
       [&](FakeClient& c) {
         c.connect();
         c.end(broken(ErrorCode::kTls));
       },
       ErrorCode::kTls, ""},
      {"silence in the answer",
       [&](FakeClient& c) {
         c.head(200);
         c.body(delta("content", "a"));
         c.end(broken(ErrorCode::kTimeout));
       },
       ErrorCode::kTimeout, "a"},
      {"an end without a finish",
       [](FakeClient& c) {
         c.head(200);
         c.body(delta("content", "a"));
         c.end();
       },
       ErrorCode::kTruncated, "a"},
      {"no text",
       [](FakeClient& c) {
         c.head(200);
         c.body(delta("content", " \\n ") + finish("stop") + kDone);
       },
       ErrorCode::kEmptyAnswer, " \n "},
      {"a refused key",
       [](FakeClient& c) {
         c.head(401);
         c.body(R"({"error":{"message":"No."}})");
         c.end();
       },
       ErrorCode::kAuth, ""},
      {"an error after text",
       [](FakeClient& c) {
         c.head(200);
         c.body(delta("content", "a") +
                R"(data: {"error":{"message":"boom","type":"server_error"}})" + "\n\n");
         c.end();
       },
       ErrorCode::kServer, "a"},
      {"an error page that breaks off",
       [&](FakeClient& c) {
         c.head(400);
         c.body("half a pa");
         c.end(broken(ErrorCode::kTruncated));
       },
       ErrorCode::kBadRequest, ""},
  };
  for (const Case& one : cases) {
    INFO(one.name);
    Run run;
    run.completion.start();
    one.act(run.client);
    CHECK(run.outcome().kind == Outcome::Kind::kError);
    REQUIRE(run.outcome().notice);
    CHECK(run.outcome().notice->code == one.code);
    CHECK(run.outcome().notice->message.find("p") == 0);
    CHECK(run.sink.text == one.text);
    CHECK_FALSE(run.sink.late);
    run.completion.stop();
    CHECK(run.sink.outcomes.size() == 1);
    CHECK(run.client.handler() == nullptr);
  }
}

TEST_CASE("stop ends it as stopped in every phase and cancels the request", "[completion]") {
  const std::vector<std::function<void(FakeClient&)>> steps = {
      [](FakeClient&) {},
      [](FakeClient& c) { c.connect(); },
      [](FakeClient& c) { c.head(200); },
      [](FakeClient& c) { c.body(delta("reasoning_content", "r")); },
      [](FakeClient& c) { c.body(delta("content", "t")); },
      [](FakeClient& c) { c.body(finish("stop")); },
  };
  for (std::size_t taken = 0; taken <= steps.size(); ++taken) {
    INFO(taken);
    Run run;
    run.completion.start();
    for (std::size_t i = 0; i < taken; ++i) steps[i](run.client);
    run.completion.stop();
    run.completion.stop();
    CHECK(run.outcome().kind == Outcome::Kind::kStopped);
    CHECK_FALSE(run.outcome().notice);
    CHECK(run.client.destroyed == 1);
    CHECK(run.client.released == 0);
    CHECK_FALSE(run.sink.late);
  }
}

TEST_CASE("stop from within a call of the sink is a stop too", "[completion]") {
  {
    Run run;
    run.sink.at_text = [&] { run.completion.stop(); };
    run.completion.start();
    run.client.head(200);
    run.client.body(delta("content", "a") + delta("content", "b") + finish("stop") + kDone);
    CHECK(run.outcome().kind == Outcome::Kind::kStopped);
    CHECK_FALSE(run.sink.late);
  }
  for (const Phase wanted : {Phase::kKey, Phase::kConnecting, Phase::kWaiting, Phase::kWriting}) {
    Run run;
    run.sink.at_phase = [&](Phase phase) {
      if (phase == wanted) run.completion.stop();
    };
    run.completion.start();
    run.client.connect();
    run.client.head(200);
    run.client.body(delta("content", "a") + finish("stop") + kDone);
    CHECK(run.outcome().kind == Outcome::Kind::kStopped);
    CHECK_FALSE(run.sink.late);
    CHECK(run.client.handler() == nullptr);
  }
}

TEST_CASE("stop while a command looks for the key sends nothing", "[completion]") {
  Run run(plan({{}, {"sleep", "600"}, "", false}));
  run.completion.start();
  run.test.turn();
  CHECK(run.sink.outcomes.empty());
  run.completion.stop();
  CHECK(run.outcome().kind == Outcome::Kind::kStopped);
  run.test.turn();
  CHECK(run.client.starts == 0);
}

TEST_CASE("a key that a command prints comes later; one that fails is the end", "[completion]") {
  {
    Run run(plan({{}, {"echo", "from-command"}, "", false}));
    run.completion.start();
    CHECK(run.client.starts == 0);
    run.test.run_until([&] { return run.client.starts == 1; });
    CHECK(run.sink.outcomes.empty());
  }
  {
    Run run(plan({{}, {"false"}, "", false}));
    run.completion.start();
    run.test.run_until([&] { return !run.sink.outcomes.empty(); });
    REQUIRE(run.outcome().notice);
    CHECK(run.outcome().notice->code == ErrorCode::kKeyFailed);
    CHECK(run.client.starts == 0);
  }
  {
    Run run(plan({{"NOT_SET"}, {}, "", false}));
    run.completion.start();
    REQUIRE(run.outcome().notice);
    CHECK(run.outcome().notice->code == ErrorCode::kNoKey);
  }
}

TEST_CASE("destroying a completion cancels it silently", "[completion]") {
  testing::TestLoop test;
  FakeClient client;
  store::KeyRing keys(test.loop(), [](std::string_view) { return std::nullopt; });
  NotingSink sink;
  {
    Completion completion(test.loop(), client, keys, plan(), sink);
    completion.start();
    client.head(200);
    client.body(delta("content", "a"));
  }
  CHECK(client.destroyed == 1);
  CHECK(sink.outcomes.empty());
}

TEST_CASE("any order of calls gives exactly one outcome and nothing after it", "[completion]") {
  CHECK(testing::holds("any order of calls", 500, [] {
    const auto actions = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 11));
    Run run;
    run.completion.start();
    bool stopped = false;
    bool headed = false;
    for (const int action : actions) {
      // A response's body comes after its head.
      if (action >= 2 && action <= 7 && !headed) {
        run.client.head(200);
        headed = true;
      }
      switch (action) {
        case 0:
          run.client.connect();
          break;
        case 1:
          run.client.head(headed ? 200 : 500);
          headed = true;
          break;
        case 2:
          run.client.body(delta("content", "text"));
          break;
        case 3:
          run.client.body(delta("reasoning", "why"));
          break;
        case 4:
          run.client.body("data: {\"cho");
          break;
        case 5:
          run.client.body(finish("length"));
          break;
        case 6:
          run.client.body(kDone);
          break;
        case 7:
          run.client.body("\n\ndata: {\"error\":\"no\"}\n\n");
          break;
        case 8:
          stopped = stopped || run.sink.outcomes.empty();
          run.completion.stop();
          break;
        case 9:
          run.client.end(tl::unexpected(Error{ErrorCode::kTimeout, "late"}));
          break;
        default:
          run.client.end();
      }
    }
    run.client.end();
    // What waits to be sent again ends when it is stopped.
    if (run.sink.outcomes.empty()) {
      RC_ASSERT(!run.sink.retries.empty());
      stopped = true;
      run.completion.stop();
    }
    RC_ASSERT(run.sink.outcomes.size() == 1U);
    RC_ASSERT(!run.sink.late);
    RC_ASSERT(run.client.handler() == nullptr);
    RC_ASSERT(stopped == (run.sink.outcomes[0].kind == Outcome::Kind::kStopped));
    RC_ASSERT(run.sink.outcomes[0].kind != Outcome::Kind::kError ||
              run.sink.outcomes[0].notice.has_value());
  }));
}

}  // namespace
}  // namespace chatvim::completion
