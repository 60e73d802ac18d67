// SPDX-License-Identifier: Apache-2.0
// The program through servers of others that stand between it and a provider: nginx as a provider's
// entrance with TLS and HTTP/2, tinyproxy as a company's way out.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "home.hpp"
#include "servers.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

/// nginx passes each piece on as it comes, as one has to set it for streams.
constexpr const char* kUnbuffered = "proxy_buffering off;";

std::string ca_file(const Home& home) {
  return fmt::format("ca_file = \"{}\"\n", home.path("ca.pem"));
}

std::string proxy(const std::string& url) { return fmt::format("proxy = \"{}\"\n", url); }

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Shows that the first delta comes out while the stand-in holds the second back, and then all.
void check_piecewise(Standin& standin, const Home& home) {
  standin.script(Json::array({{{"steps",
                                {{{"deltas", {{"text", {"first "}}}}},
                                 {{"wait", "go"}},
                                 {{"deltas", {{"text", {"second"}}}}},
                                 {{"finish", "stop"}}}}}}));
  Process process(home.command({"complete", "hi"}));
  process.wait_until([&] { return process.output() == "first " || process.has_ended(); });
  INFO(process.errors());
  REQUIRE(process.output() == "first ");
  standin.release("go");
  CHECK(process.wait() == 0);
  CHECK(process.output() == "first second");
}

}  // namespace

TEST_CASE("nginx: pieces come through HTTP/2 and TLS as they are sent", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, kUnbuffered);
  home.configure(configuration(nginx.base_url(), ca_file(home)));
  check_piecewise(standin, home);
  CHECK(nginx.access_log(1) == "HTTP/2.0 200\n");
}

TEST_CASE("nginx: an answer comes whole when it collects pieces", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "");
  home.configure(configuration(nginx.base_url(), ca_file(home)));
  std::string text;
  for (int i = 1; i <= 2000; ++i) text += fmt::format("w{} ", i);
  standin.script(
      Json::array({{{"steps", {{{"deltas", {{"count", 2000}}}}, {{"finish", "stop"}}}}}}));
  const Run run = home.run({"complete", "hi"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(run.out == text);
  CHECK(nginx.access_log(1) == "HTTP/2.0 200\n");
}

TEST_CASE("nginx: a long request gets to the server as it was", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "client_max_body_size 0;");
  home.configure(configuration(nginx.base_url(), ca_file(home)));
  standin.script(Json::array({answer({"ok"})}));
  const std::string question(3'000'000, 'q');
  const Run run = home.run({"complete"}, question);
  INFO(run.err);
  REQUIRE(run.out == "ok");
  CHECK(Json::parse(standin.body(1)).at("messages").at(0).at("content") == question);
}

TEST_CASE("nginx: a server behind it that breaks off is noticed", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const std::string directives = GENERATE("", "proxy_buffering off;");
  const Nginx nginx(home, standin, directives);
  home.configure(configuration(nginx.base_url(), ca_file(home)));
  struct Case {
    const char* framing;
    Json end;
  };
  // After "close", whose end is that of the connection, nginx ends its own stream as if all were
  // well: only the finish reason is missing.
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
    CHECK(run.out == "so far");
    CHECK(run.err.starts_with("chatvim: standin"));
  }
}

TEST_CASE("nginx: its own error page is told in words", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "return 403;");
  home.configure(configuration(nginx.base_url(), ca_file(home)));
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 1);
  CHECK(run.err.starts_with("chatvim: standin 403"));
  CHECK(has(run.err, "Forbidden"));
  CHECK_FALSE(has(run.err, "<"));
}

TEST_CASE("nginx: a private authority is trusted only where ca_file names it", "[proxies]") {
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

  // The certificate holds for 127.0.0.1, not for this name of the same address.
  make_certificate(home, "elsewhere.example");
  const Nginx other(home, standin, kUnbuffered);
  home.configure(configuration(other.base_url("localhost"), ca_file(home)));
  const Run misnamed = home.run({"complete", "hi"});
  CHECK(misnamed.code == 1);
  CHECK(has(misnamed.err, "TLS with localhost failed"));
  CHECK(standin.requests().empty());
}

TEST_CASE("nginx: a stream reset before its first byte is tried again on HTTP/1.1", "[proxies]") {
  need({"nginx", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "if ($server_protocol = HTTP/2.0) { return 444; }");
  home.configure(configuration(nginx.base_url(), ca_file(home)));
  standin.script(Json::array({answer({"by the old way"})}));
  const Run run = home.run({"complete", "hi"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(run.out == "by the old way");
  CHECK(nginx.access_log(2) == "HTTP/2.0 444\nHTTP/1.1 200\n");
  CHECK(standin.requests().size() == 1);
}

TEST_CASE("tinyproxy: pieces come through its tunnel as they are sent", "[proxies]") {
  need({"nginx", "tinyproxy", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, kUnbuffered);
  const bool with_password = GENERATE(false, true);
  const Tinyproxy tinyproxy(home, with_password ? "BasicAuth anna s3cret" : "");
  const std::string url = tinyproxy.url(with_password ? "anna:s3cret" : "");
  home.configure(configuration(nginx.base_url(), ca_file(home) + proxy(url)));
  check_piecewise(standin, home);
  CHECK(nginx.access_log(1) == "HTTP/2.0 200\n");
  CHECK(has(tinyproxy.log(), "CONNECT 127.0.0.1:" + nginx.port()));
  // The password is for the proxy alone.
  CHECK(header(standin.requests().at(0), "proxy-authorization").empty());
}

TEST_CASE("tinyproxy: it passes requests without TLS on, piece by piece", "[proxies]") {
  need({"tinyproxy"});
  Standin standin;
  const Home home;
  const Tinyproxy tinyproxy(home);
  home.configure(configuration(standin.base_url(), proxy(tinyproxy.url())));
  check_piecewise(standin, home);
  CHECK_FALSE(header(standin.requests().at(0), "via").empty());
}

TEST_CASE("tinyproxy: a wrong password is told without showing it", "[proxies]") {
  need({"nginx", "tinyproxy", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, kUnbuffered);
  const Tinyproxy tinyproxy(home, "BasicAuth anna s3cret");
  // It asks for a password with 407 and refuses one with 401.
  struct Case {
    const char* user;
    const char* status;
  };
  const Case one = GENERATE(Case{"", "407"}, Case{"anna:wr0ng", "401"});
  INFO(one.user);
  home.configure(configuration(nginx.base_url(), ca_file(home) + proxy(tinyproxy.url(one.user))));
  const Run run = home.run({"complete", "hi"});
  INFO(run.err);
  CHECK(run.code == 1);
  CHECK(has(run.err, "The proxy 127.0.0.1:" + tinyproxy.port()));
  CHECK(has(run.err, one.status));
  CHECK_FALSE(has(run.err, "wr0ng"));
  CHECK(standin.requests().empty());
}

TEST_CASE("tinyproxy: one that is not there is told", "[proxies]") {
  need({"nginx", "tinyproxy", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, kUnbuffered);
  std::string url;
  {
    const Tinyproxy gone(home);
    url = gone.url();
  }
  home.configure(configuration(nginx.base_url(), ca_file(home) + proxy(url)));
  const Run run = home.run({"complete", "hi"});
  INFO(run.err);
  CHECK(run.code == 1);
  CHECK(has(run.err, "through the proxy " + url.substr(url.rfind('/') + 1)));
  CHECK(standin.requests().empty());
}

TEST_CASE("tinyproxy: the variables of proxies are followed, in both cases", "[proxies]") {
  need({"nginx", "tinyproxy", "openssl"});
  const OwnName own = own_name();
  const char* variable = GENERATE("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
  INFO(variable);
  Standin standin;
  Home home;
  make_certificate(home, own.name, own.address);
  const Nginx nginx(home, standin, kUnbuffered, own.address);
  const Tinyproxy tinyproxy(home);
  home.configure(configuration(nginx.base_url(own.name), ca_file(home)));
  home.set(variable, tinyproxy.url());
  const std::string tunnel = "CONNECT " + own.name + ":" + nginx.port();
  check_piecewise(standin, home);
  CHECK(has(tinyproxy.log(), tunnel));

  // A host that no_proxy names is asked without the proxy.
  home.set(GENERATE("no_proxy", "NO_PROXY"), "example.org," + own.name);
  check_piecewise(standin, home);
  const std::string log = tinyproxy.log();
  CHECK(log.find(tunnel) == log.rfind(tunnel));
}

TEST_CASE("tinyproxy: loopback is asked without the variables' proxy", "[proxies]") {
  need({"tinyproxy"});
  Standin standin;
  Home home;
  const Tinyproxy tinyproxy(home);
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    home.set(name, tinyproxy.url());
  }
  for (const char* host : {"127.0.0.1", "localhost"}) {
    INFO(host);
    home.configure(configuration(fmt::format("http://{}:{}/v1", host, standin.port())));
    check_piecewise(standin, home);
  }
  for (const Json& request : standin.requests()) CHECK(header(request, "via").empty());
  CHECK_FALSE(has(tinyproxy.log(), standin.port()));
}

}  // namespace chatvim::testing
