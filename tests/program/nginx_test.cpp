// SPDX-License-Identifier: Apache-2.0
// The program with nginx, a third-party server, as a provider's gateway: TLS, HTTP/2, and a failing
// server behind it.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "home.hpp"
#include "servers.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

/// Makes nginx forward each piece as it arrives, as streams require.
constexpr const char* kUnbuffered = "proxy_buffering off;";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("nginx: pieces arrive through HTTP/2 and TLS as they are sent", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, kUnbuffered);
  home.configure(configuration(nginx.base_url(), ca_file_setting(home)));
  check_piecewise(standin, home);
  CHECK(nginx.access_log(1) == "HTTP/2.0 200\n");
}

TEST_CASE("nginx: a buffered answer arrives complete", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "");
  home.configure(configuration(nginx.base_url(), ca_file_setting(home)));
  std::string text;
  for (int i = 1; i <= 2000; ++i) text += fmt::format("w{} ", i);
  standin.script(
      Json::array({{{"steps", {{{"deltas", {{"count", 2000}}}}, {{"finish", "stop"}}}}}}));
  const Run run = home.run({"complete", "hi"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(run.out == printed(text));
  CHECK(nginx.access_log(1) == "HTTP/2.0 200\n");
}

TEST_CASE("nginx: a long request reaches the server unchanged", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "client_max_body_size 0;");
  home.configure(configuration(nginx.base_url(), ca_file_setting(home)));
  standin.script(Json::array({answer({"ok"})}));
  const std::string question(3'000'000, 'q');
  const Run run = home.run({"complete"}, question);
  INFO(run.err);
  REQUIRE(run.out == printed("ok"));
  CHECK(Json::parse(standin.body(1)).at("messages").at(0).at("content") == question);
}

TEST_CASE("nginx: an interrupted upstream response is detected", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const std::string directives = GENERATE("", "proxy_buffering off;");
  const Nginx nginx(home, standin, directives);
  home.configure(configuration(nginx.base_url(), ca_file_setting(home)));
  struct Case {
    const char* framing;
    Json end;
  };
  // With "close", where the end of the connection ends the body, nginx ends its own stream
  // normally: only the finish reason is missing.
  const Case cases[] = {
      {"close", {{"close", true}}}, {"chunked", {{"close", true}}}, {"chunked", {{"reset", true}}}};
  for (const Case& one : cases) {
    INFO(directives << " " << one.framing << " " << one.end.dump());
    standin.script(Json::array(
        {{{"framing", one.framing},
          {"steps", {{{"deltas", {{"text", {"so far"}}}}}, {{"pause_ms", 50}}, one.end}}}}));
    const Run run = home.run({"complete", "hi"});
    INFO(run.err);
    CHECK(run.code == 3);
    CHECK(run.out == printed("so far"));
    CHECK(run.err.starts_with("chatvim: standin"));
  }
}

TEST_CASE("nginx: its own error page becomes a readable message", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "return 403;");
  home.configure(configuration(nginx.base_url(), ca_file_setting(home)));
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 1);
  CHECK(run.err.starts_with("chatvim: standin 403"));
  CHECK(has(run.err, "Forbidden"));
  CHECK_FALSE(has(run.err, "<"));
}

TEST_CASE("nginx: a private authority is trusted only if ca_file names it", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, kUnbuffered);

  home.configure(configuration(nginx.base_url()));
  const Run distrusted = home.run({"complete", "hi"});
  CHECK(distrusted.code == 1);
  CHECK(has(distrusted.err, "TLS with 127.0.0.1 failed"));
  CHECK(has(distrusted.err, "ca_file"));

  home.configure(configuration(nginx.base_url(), "ca_file = \"/no/such/ca.pem\"\n"));
  const Run missing = home.run({"complete", "hi"});
  CHECK(missing.code != 0);
  CHECK(has(missing.err, "The certificates in /no/such/ca.pem cannot be read"));
  CHECK(has(missing.err, "ca_file"));

  home.configure(configuration(nginx.base_url(),
                               fmt::format("ca_file = \"{}\"\n", home.file("bad.pem", "no PEM"))));
  const Run bad = home.run({"complete", "hi"});
  INFO(bad.err);
  CHECK(bad.code != 0);
  CHECK(has(bad.err, "bad.pem cannot be read"));
  CHECK(has(bad.err, "ca_file"));

  // The certificate is valid for 127.0.0.1, but not for this name of the same address.
  make_certificate(home, "elsewhere.example");
  const Nginx other(home, standin, kUnbuffered);
  home.configure(configuration(other.base_url("localhost"), ca_file_setting(home)));
  const Run misnamed = home.run({"complete", "hi"});
  CHECK(misnamed.code == 1);
  CHECK(has(misnamed.err, "TLS with localhost failed"));
  CHECK(standin.requests().empty());
}

TEST_CASE("nginx: a stream reset before its first byte is retried on HTTP/1.1", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "if ($server_protocol = HTTP/2.0) { return 444; }");
  home.configure(configuration(nginx.base_url(), ca_file_setting(home)));
  standin.script(Json::array({answer({"by the old way"})}));
  const Run run = home.run({"complete", "hi"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(run.out == printed("by the old way"));
  CHECK(nginx.access_log(2) == "HTTP/2.0 444\nHTTP/1.1 200\n");
  CHECK(standin.requests().size() == 1);
}

}  // namespace chatvim::testing
