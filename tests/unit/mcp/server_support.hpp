// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/mcp/client.hpp"
#include "marked.hpp"

namespace chatvim::testing {

/// Measures how long the loop is busy between two waits.
class MeasuredWait final : public loop::Multiplexer {
 public:
  explicit MeasuredWait(loop::Multiplexer& inner) : inner_(inner) {}
  void wait(std::span<loop::Descriptor> descriptors, std::chrono::milliseconds timeout) override {
    if (began_) longest_ = std::max(longest_, loop::Clock::now() - *began_);
    inner_.wait(descriptors, timeout);
    began_ = loop::Clock::now();
  }
  void perform() override { inner_.perform(); }

  double longest_ms() const { return std::chrono::duration<double, std::milli>(longest_).count(); }
  void reset() {
    longest_ = {};
    began_.reset();
  }

 private:
  loop::Multiplexer& inner_;
  std::optional<loop::Clock::time_point> began_;
  loop::Duration longest_{};
};

/// The program's loop, with libcurl in it, for tests that start real servers.
class ServerLoop {
 public:
  loop::Loop& loop() { return loop_; }
  http::Client& http() { return curl_; }
  MeasuredWait& measured() { return measured_; }

  /// Runs until `done` returns true; throws after the time limit.
  void run_until(const std::function<bool()>& done,
                 std::chrono::seconds limit = std::chrono::seconds(30)) {
    const auto end = loop::Clock::now() + limit;
    loop::Timer look(loop_, [this] { loop_.quit(); });
    while (!done()) {
      if (loop::Clock::now() > end) throw std::runtime_error("the loop waited in vain");
      look.start(std::chrono::milliseconds(5));
      loop_.run();
    }
  }

 private:
  http::CurlClient curl_{[](std::string_view) { return std::nullopt; }};
  MeasuredWait measured_{curl_};
  loop::Loop loop_{measured_};
};

/// A client of one server that keeps what comes back.
class TestClient {
 public:
  TestClient(ServerLoop& test, tools::Server server, mcp::Kind kind = mcp::Kind::kUnknown)
      : test_(test) {
    if (server.name.empty()) server.name = "test";
    const char* const path = std::getenv("PATH");
    client_ = std::make_unique<mcp::Client>(
        mcp::Client::Parts{test.loop(), test.http(),
                           [this](std::string_view line) { log += std::string(line) + "\n"; },
                           "1.0", [this] { ++changes; }},
        std::move(server),
        std::vector<std::pair<std::string, std::string>>{{"PATH", path ? path : "/usr/bin:/bin"},
                                                         {"CHATVIM_MARK", mark()}},
        kind);
  }

  /// What is in the environment of this test's servers only.
  static std::string mark() { return "mark-" + std::to_string(::getpid()) + "-end"; }

  mcp::Client& client() { return *client_; }
  void destroy() { client_.reset(); }

  Result<std::vector<tools::Tool>> list() {
    std::optional<Result<std::vector<tools::Tool>>> tools;
    client_->list([&](auto result) { tools = std::move(result); });
    test_.run_until([&] { return tools.has_value(); }, std::chrono::seconds(60));
    return *tools;
  }
  tools::Result call(const std::string& tool, const std::string& arguments = "{}") {
    std::optional<tools::Result> result;
    const auto call =
        client_->call(tool, arguments, [&](tools::Result one) { result = std::move(one); });
    test_.run_until([&] { return result.has_value(); }, std::chrono::seconds(60));
    return *result;
  }

  std::string log;
  int changes = 0;

 private:
  ServerLoop& test_;
  std::unique_ptr<mcp::Client> client_;
};

/// The scripted server with its options.
inline tools::Server standin(std::vector<std::string> options = {}) {
  tools::Server server;
  server.name = "standin";
  server.command = {CHATVIM_MCP_STANDIN};
  server.command.insert(server.command.end(), options.begin(), options.end());
  return server;
}

}  // namespace chatvim::testing
