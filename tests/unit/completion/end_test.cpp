// SPDX-License-Identifier: Apache-2.0
// How an answer ends if the server does not end it properly, and what is reported about an
// irregular answer.
#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "completion/explain.hpp"
#include "completion_support.hpp"
#include "formats.hpp"

namespace chatvim::completion::end_test {
namespace {

using testing::FormatEvents;

chat::Plan plan_of(Api api) {
  chat::Plan the_plan = plan();
  the_plan.provider.api = api;
  return the_plan;
}

/// Sends comments, but not without a pause: a stream of 64 MiB of comments is given up.
class Heartbeat {
 public:
  explicit Heartbeat(Run& run) : run_(run) {}
  void beat() {
    constexpr std::chrono::milliseconds kPause{5};
    if (loop::Clock::now() - last_ < kPause) return;
    last_ = loop::Clock::now();
    run_.client.body(": ping\n\n");
  }

 private:
  Run& run_;
  loop::Clock::time_point last_{};
};

TEST_CASE("after a finish reason the answer ends within seconds, despite heartbeats",
          "[completion]") {
  for (const FormatEvents& f : testing::all_formats()) {
    if (f.finish.empty()) continue;
    Run run(plan_of(f.api));
    run.completion.start();
    run.client.head(200);
    run.client.body(f.piece("Hi") + f.finish);
    const auto begun = loop::Clock::now();
    Heartbeat heartbeat(run);
    run.test.run_until([&] {
      heartbeat.beat();
      return !run.sink.outcomes.empty();
    });
    CHECK(loop::Clock::now() - begun < std::chrono::seconds(8));
    CHECK(run.outcome().kind == Outcome::Kind::kDone);
    CHECK_FALSE(run.outcome().notice);
    CHECK(run.sink.text == "Hi");
  }
}

TEST_CASE("a response that looks complete ends although its connection stays open",
          "[completion]") {
  struct Row {
    int status;
    std::string body;
    std::string words;
  };
  const std::string chunk = R"({"choices":[{"index":0,"delta":{"content":"Hi"}}]})";
  for (const Row& row : std::vector<Row>{
           {400, R"({"error":{"message":"boom"}})", "p 400: boom."},
           {400, "boom", "p 400: boom."},
           {400, "<html><title>boom</title></html>", "p 400: boom."},
           {200, R"([{"error":{"message":"boom"}}])", "p: boom."},
           {200, "data: " + chunk + "\n\ndata: [DONE]\n\n", ""},
           {200,
            R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"error"}]})"
            "\n\n",
            "p sent an empty answer (finish reason: error). The server failed: ask again."},
           {200, R"({"message":"boom"})", "p: boom."}}) {
    INFO(row.body);
    Run run(plan_of(Api::kChat));
    run.completion.start();
    run.client.head(row.status);
    run.client.body(row.body);
    Heartbeat heartbeat(run);
    run.test.run_until([&] {
      if (row.body.starts_with("data")) heartbeat.beat();
      return !run.sink.outcomes.empty();
    });
    if (row.words.empty()) {
      CHECK(run.sink.text == "Hi");
    } else {
      REQUIRE(run.outcome().notice);
      CHECK(run.outcome().notice->message == row.words);
    }
  }
}

TEST_CASE("a stream without text or reasoning times out", "[completion]") {
  for (const FormatEvents& f : testing::all_formats()) {
    chat::Plan the_plan = plan_of(f.api);
    the_plan.provider.text_timeout = 0.2;
    Run run(std::move(the_plan));
    run.completion.start();
    run.client.head(200);
    run.client.body(f.piece("Hi"));
    run.test.run_until([&] {
      run.client.body(": ping\n\n" + f.piece(""));
      return !run.sink.outcomes.empty();
    });
    REQUIRE(run.outcome().notice);
    CHECK(run.outcome().notice->code == ErrorCode::kTimeout);
    CHECK(run.outcome().notice->message ==
          "p: The server sent neither text nor reasoning for 0.2 seconds (text_timeout). What came "
          "is kept.");
    CHECK(run.client.handler() == nullptr);
  }
}

TEST_CASE("text and reasoning restart that timeout", "[completion]") {
  chat::Plan the_plan = plan();
  the_plan.provider.text_timeout = 0.4;
  Run run(std::move(the_plan));
  run.completion.start();
  run.client.head(200);
  const auto begun = loop::Clock::now();
  while (loop::Clock::now() - begun < std::chrono::seconds(1)) {
    run.client.body("data: {\"choices\":[{\"delta\":{\"reasoning\":\"x\"}}]}\n\n");
    run.test.turn();
  }
  CHECK(run.sink.outcomes.empty());
}

TEST_CASE("a complete answer's notice reports unreadable, late or foreign events", "[completion]") {
  for (const FormatEvents& f : testing::all_formats()) {
    const auto message_of = [&](const std::string& stream) {
      Run run(plan_of(f.api));
      run.completion.start();
      run.client.head(200);
      run.client.body(stream);
      run.client.end();
      CHECK(run.outcome().kind == Outcome::Kind::kDone);
      REQUIRE(run.outcome().notice);
      CHECK(exit_code_of(run.outcome().notice->code) == 3);
      CHECK(level_of(run.outcome().notice->code) == Level::kWarn);
      return run.outcome().notice->message;
    };
    CHECK(message_of(f.piece("a") + "data: {oops}\n\n" + f.finish + f.end) ==
          "Check the answer for a gap: p sent something that cannot be read: {oops}.");
    const FormatEvents& other = testing::all_formats()[f.api == Api::kChat ? 2 : 0];
    const std::string name(name_of(other.api));
    CHECK(message_of(other.piece("a") + other.finish + other.end)
              .starts_with("Set api = \"" + name + "\" in [providers.p]"));
    if (f.finish.empty()) continue;
    CHECK(message_of(f.piece("a") + f.finish + "event: error\ndata: boom\n\n") ==
          "The answer is whole, but p reported an error after its end: boom.");
  }
}

TEST_CASE("finish reasons are compared without case and separators", "[completion]") {
  const chat::Plan with_limit = [] {
    chat::Plan the_plan = plan();
    the_plan.limits_output = true;
    return the_plan;
  }();
  for (const char* word : {"stopped", "normal", "success", "OK", "<|im_end|>", "<|eot_id|>", "stop",
                           "STOP", "Stop", "END_TURN", "end-turn", "eos_token", "EOS", "COMPLETE",
                           "stop_sequence", "FINISH_REASON_STOP", ""}) {
    INFO(word);
    CHECK_FALSE(explain_end(plan(), word, {}));
  }
  const auto message = [](const chat::Plan& the_plan, const char* word) {
    return explain_end(the_plan, word, {}).value_or(Error{}).message;
  };
  for (const char* word : {"length", "LENGTH", "MAX_TOKENS", "maxTokens", "max_output_tokens"}) {
    INFO(word);
    CHECK(message(with_limit, word).ends_with("Raise max_tokens, or ask it to go on."));
    // If no limit is set, advice to raise it is useless.
    CHECK(message(plan(), word).find("Raise max_tokens") == std::string::npos);
    CHECK(message(plan(), word).find("context is full") != std::string::npos);
  }
  CHECK(message(plan(), "SAFETY").find("filter") != std::string::npos);
  CHECK(message(plan(), "TOOL_CALLS").find("tool") != std::string::npos);
  CHECK(message(plan(), "new_word") == "p ended the answer early (finish reason: new_word).");
}

TEST_CASE("an empty answer's error says what came instead", "[completion]") {
  const auto message = [](Wordless came, bool continues = false) {
    chat::Plan the_plan = plan();
    the_plan.continues = continues;
    return explain_empty(the_plan, "stop", came).message;
  };
  CHECK(message({true, false}).starts_with("p sent its reasoning and no answer"));
  CHECK(message({false, true}).starts_with("p sent a call of a tool and no text"));
  for (const Wordless& came : {Wordless{true, false}, Wordless{false, true}})
    CHECK(message(came).find("longer than the context") == std::string::npos);
  CHECK(message({}).find("longer than the context") != std::string::npos);
  CHECK(message({}, true) ==
        "The answer seems to be whole: p added nothing to it (finish reason: stop).");
}

TEST_CASE("a retry delay is shown in a readable unit", "[completion]") {
  const auto message = [](double after) {
    wire::Failure failure{ErrorCode::kRateLimit, "slow", true, after, {}};
    return explain_failure(plan(), 429, failure).message;
  };
  CHECK(message(90) == "p 429: slow. Try again in 90 s.");
  CHECK(message(3600) == "p 429: slow. Try again in 60 minutes.");
  CHECK(message(86400) == "p 429: slow. Try again in 24 hours.");
  CHECK(message(5 * 86400.0) == "p 429: slow. Try again in 5 days.");
  CHECK(message(365 * 86400.0) == "p 429: slow. Try again in a while.");
}

}  // namespace
}  // namespace chatvim::completion::end_test
