// SPDX-License-Identifier: Apache-2.0
// The program with aimock, a third-party server that imitates the providers' formats.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "home.hpp"
#include "servers.hpp"

namespace chatvim::testing {

namespace {

/// Configures aimock as the provider, with the given wire format.
void configure(const Home& home, const Aimock& aimock, const std::string& api) {
  // The other formats report the usage without being asked.
  const char* usage = api == "chat" ? "body = { stream_options = { include_usage = true } }" : "";
  home.configure(configuration(aimock.base_url(), fmt::format("api = \"{}\"\n{}", api, usage)));
}

}  // namespace

TEST_CASE("aimock: an answer is complete in every format, with its usage", "[aimock]") {
  need({"aimock"});
  const Aimock aimock;
  const Home home;
  const std::string api = GENERATE("chat", "responses", "messages");
  INFO(api);
  configure(home, aimock, api);
  // aimock sends each UTF-16 unit as a separate delta, so that every emoji is cut in two.
  const Run run = home.run({"complete", "--json", "emoji"});
  INFO(run.out << run.err);
  REQUIRE(run.code == 0);
  const Json object = Json::parse(run.out);
  CHECK(object.at("text") == "Hi 👋🏽, café in 日本 👨‍👩‍👧\n\n- one 🎉\n");
  CHECK(object.at("outcome") == "done");
  CHECK(object.at("finish_reason") == (api == "messages" ? "end_turn" : "stop"));
  CHECK(object.at("usage").at("input") == 11);
  CHECK(object.at("usage").at("output") == 7);
}

TEST_CASE("aimock: reasoning is separate from the answer in every format", "[aimock]") {
  need({"aimock"});
  const Aimock aimock;
  const Home home;
  const std::string api = GENERATE("chat", "responses", "messages");
  INFO(api);
  configure(home, aimock, api);
  const Run run = home.run({"complete", "--json", "think first"});
  INFO(run.out << run.err);
  REQUIRE(run.code == 0);
  const Json object = Json::parse(run.out);
  CHECK(object.at("text") == "It is four.");
  CHECK(object.at("reasoning") == "let me see 🤔");
}

TEST_CASE("aimock: after a rate limit the program waits and gets the answer", "[aimock]") {
  need({"aimock"});
  const std::string api = GENERATE("chat", "responses", "messages");
  INFO(api);
  const Aimock aimock;
  const Home home;
  configure(home, aimock, api);
  const Run run = home.run({"complete", "--json", "too fast"});
  INFO(run.out << run.err);
  REQUIRE(run.code == 0);
  const Json object = Json::parse(run.out);
  CHECK(object.at("text") == "Now it is.");
  CHECK(object.at("seconds").get<double>() >= 1.0);  // its Retry-After
}

TEST_CASE("aimock: a lasting rate limit is reported with the server's message", "[aimock]") {
  need({"aimock"});
  const Aimock aimock;
  const Home home;
  const std::string api = GENERATE("chat", "responses", "messages");
  INFO(api);
  configure(home, aimock, api);
  const Run run = home.run({"complete", "never ready"});
  INFO(run.err);
  CHECK(run.code == 1);
  CHECK(run.out.empty());
  CHECK(run.err.find("429") != std::string::npos);
  CHECK(run.err.find("Never enough.") != std::string::npos);
}

TEST_CASE("aimock: a stream that breaks off is reported and its text is kept", "[aimock]") {
  need({"aimock"});
  const Aimock aimock;
  const Home home;
  const std::string api = GENERATE("chat", "responses", "messages");
  INFO(api);
  configure(home, aimock, api);
  const Run run = home.run({"complete", "cut it"});
  INFO(run.out << run.err);
  CHECK(run.code == 3);
  CHECK(run.out.starts_with("abc"));
  CHECK(run.out.find('z') == std::string::npos);
  CHECK(run.err.starts_with("chatvim: standin"));
}

TEST_CASE("aimock: a connection that closes without an answer is reported", "[aimock]") {
  need({"aimock"});
  const Aimock aimock;
  const Home home;
  const std::string api = GENERATE("chat", "responses", "messages");
  INFO(api);
  configure(home, aimock, api);
  const Run run = home.run({"complete", "hang up"});
  INFO(run.err);
  CHECK(run.code == 1);
  CHECK(run.out.empty());
  CHECK(run.err.starts_with("chatvim: standin"));
  CHECK(run.err.find("127.0.0.1") != std::string::npos);
}

}  // namespace chatvim::testing
