// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/completion/completion.hpp"
#include "loop_support.hpp"

namespace chatvim::completion {

/// A client with a single transfer, which the test controls. Like the real client, it does not call
/// a handler after its transfer was destroyed or released.
class FakeClient final : public http::Client {
 public:
  std::unique_ptr<http::Transfer> start(http::Request request, http::Handler& handler) override {
    ++starts;
    last = std::move(request);
    handler_ = &handler;
    return std::make_unique<FakeTransfer>(*this);
  }
  void rehearse(const http::Request&) override {}
  void warm(const http::Request&) override {}

  /// Returns the handler, or nullptr if it may not be called any more.
  http::Handler* handler() const { return handler_; }
  void connect() {
    if (handler_) handler_->on_connected();
  }
  void head(int status, const http::Headers& headers = {}) {
    if (handler_) handler_->on_head(status, headers);
  }
  void body(std::string_view bytes) {
    if (handler_) handler_->on_body(bytes);
  }
  void end(Result<void> result = {}) {
    if (handler_) std::exchange(handler_, nullptr)->on_end(std::move(result));
  }

  int starts = 0;
  int destroyed = 0;
  int released = 0;
  http::Request last;

 private:
  class FakeTransfer final : public http::Transfer {
   public:
    explicit FakeTransfer(FakeClient& client) : client_(client) {}
    ~FakeTransfer() override {
      ++client_.destroyed;
      client_.handler_ = nullptr;
    }
    void release() override {
      ++client_.released;
      client_.handler_ = nullptr;
    }

   private:
    FakeClient& client_;
  };

  http::Handler* handler_ = nullptr;
};

/// Records the calls it receives; can run a function at the first text or phase.
class NotingSink final : public ResponseSink {
 public:
  void on_phase(Phase phase, std::size_t characters) override {
    late = late || !outcomes.empty();
    phases.push_back(phase);
    reasoning_characters = characters;
    if (at_phase) at_phase(phase);
  }
  void on_retry(const Retry& retry) override {
    late = late || !outcomes.empty();
    retries.push_back(retry);
  }
  void on_answer(std::string_view piece) override {
    late = late || !outcomes.empty();
    text += piece;
    if (at_text) at_text();
  }
  void on_reasoning(std::string_view piece) override {
    late = late || !outcomes.empty();
    reasoning += piece;
  }
  void on_outcome(const Outcome& outcome) override { outcomes.push_back(outcome); }
  void on_call(const wire::ToolCall& call) override {
    late = late || !outcomes.empty();
    calls.push_back(call.name);
  }
  void on_arguments(const wire::ToolArguments&) override { late = late || !outcomes.empty(); }
  void on_state(const wire::State&) override { late = late || !outcomes.empty(); }
  void on_source(const wire::Citation&) override { late = late || !outcomes.empty(); }

  std::vector<Phase> phases;
  std::vector<std::string> calls;
  std::vector<Retry> retries;
  std::string text;
  std::string reasoning;
  std::size_t reasoning_characters = 0;
  std::vector<Outcome> outcomes;
  bool late = false;  ///< something was reported after the outcome
  std::function<void(Phase)> at_phase;
  std::function<void()> at_text;
};

/// Returns a request to a provider that needs no key, or that gets it from `key`.
inline chat::Plan plan(provider::KeySource key = {}) {
  chat::Plan plan;
  plan.provider.name = "p";
  plan.provider.base_url = "http://127.0.0.1:9/v1";
  plan.provider.key = std::move(key);
  if (plan.provider.key.environment.empty() && plan.provider.key.command.empty())
    plan.provider.key.optional = true;
  plan.model = "m";
  plan.url = provider::endpoint(plan.provider);
  plan.body = "{}";
  return plan;
}

/// A completion with everything it depends on.
struct Run {
  testing::TestLoop test;
  FakeClient client;
  store::KeyRing keys{test.loop(), [](std::string_view name) -> std::optional<std::string> {
                        if (name == "KEY") return "secret";
                        return std::nullopt;
                      }};
  NotingSink sink;
  Completion completion;

  explicit Run(chat::Plan the_plan = plan())
      : completion(test.loop(), client, keys, std::move(the_plan), sink) {}

  const Outcome& outcome() const {
    REQUIRE(sink.outcomes.size() == 1);
    return sink.outcomes.front();
  }
};

}  // namespace chatvim::completion
