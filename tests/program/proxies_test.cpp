// SPDX-License-Identifier: Apache-2.0
// The program with tinyproxy, a third-party server, as a company's proxy: tunnels, passwords,
// environment variables.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "home.hpp"
#include "servers.hpp"
#include "standin.hpp"

namespace chatvim::testing::proxies_test {

namespace {

std::string proxy(const std::string& url) { return fmt::format("proxy = \"{}\"\n", url); }

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("tinyproxy: pieces arrive through its tunnel as they are sent", "[proxies]") {
  need({"nginx", "tinyproxy", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "proxy_buffering off;");
  const bool with_password = GENERATE(false, true);
  const Tinyproxy tinyproxy(home, with_password ? "BasicAuth anna s3cret" : "");
  const std::string url = tinyproxy.url(with_password ? "anna:s3cret" : "");
  home.configure(configuration(nginx.base_url(), ca_file_setting(home) + proxy(url)));
  check_piecewise(standin, home);
  CHECK(nginx.access_log(1) == "HTTP/2.0 200\n");
  CHECK(has(tinyproxy.log(), "CONNECT 127.0.0.1:" + nginx.port()));
  // Only the proxy gets the password.
  CHECK(header(standin.requests().at(0), "proxy-authorization").empty());
}

TEST_CASE("tinyproxy: without TLS it forwards the response piece by piece", "[proxies]") {
  need({"tinyproxy"});
  Standin standin;
  const Home home;
  const Tinyproxy tinyproxy(home);
  home.configure(configuration(standin.base_url(), proxy(tinyproxy.url())));
  check_piecewise(standin, home);
  CHECK_FALSE(header(standin.requests().at(0), "via").empty());
}

TEST_CASE("tinyproxy: a wrong password is reported but not shown", "[proxies]") {
  need({"nginx", "tinyproxy", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "proxy_buffering off;");
  const Tinyproxy tinyproxy(home, "BasicAuth anna s3cret");
  // tinyproxy requests a password with 407 and rejects a wrong one with 401.
  struct Case {
    const char* user;
    const char* status;
  };
  const Case one = GENERATE(Case{"", "407"}, Case{"anna:wr0ng", "401"});
  INFO(one.user);
  home.configure(
      configuration(nginx.base_url(), ca_file_setting(home) + proxy(tinyproxy.url(one.user))));
  const Run run = home.run({"complete", "hi"});
  INFO(run.err);
  CHECK(run.code == 1);
  CHECK(has(run.err, "The proxy 127.0.0.1:" + tinyproxy.port()));
  CHECK(has(run.err, one.status));
  CHECK_FALSE(has(run.err, "wr0ng"));
  CHECK(standin.requests().empty());
}

TEST_CASE("tinyproxy: its rejection of a request without TLS is reported", "[proxies]") {
  need({"tinyproxy"});
  Standin standin;
  const Home home;
  const Tinyproxy tinyproxy(home, "BasicAuth anna s3cret");
  home.configure(configuration(standin.base_url(), proxy(tinyproxy.url())));
  const Run run = home.run({"complete", "hi"});
  INFO(run.err);
  CHECK(run.code == 1);
  CHECK(run.err.starts_with("chatvim: standin 407"));
  CHECK(has(run.err, "Proxy Authentication Required"));
  CHECK(standin.requests().empty());
}

TEST_CASE("tinyproxy: an unreachable proxy is reported", "[proxies]") {
  need({"nginx", "tinyproxy", "openssl"});
  Standin standin;
  const Home home;
  make_certificate(home);
  const Nginx nginx(home, standin, "proxy_buffering off;");
  std::string url;
  {
    const Tinyproxy gone(home);
    url = gone.url();
  }
  home.configure(configuration(nginx.base_url(), ca_file_setting(home) + proxy(url)));
  const Run run = home.run({"complete", "hi"});
  INFO(run.err);
  CHECK(run.code == 1);
  CHECK(has(run.err, "through the proxy " + url.substr(url.rfind('/') + 1)));
  CHECK(standin.requests().empty());
}

TEST_CASE("tinyproxy: the proxy variables are used, in upper and lower case", "[proxies]") {
  need({"nginx", "tinyproxy", "openssl"});
  const OwnName own = own_name();
  const char* variable = GENERATE("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
  INFO(variable);
  Standin standin;
  Home home;
  make_certificate(home, own.name, own.address);
  const Nginx nginx(home, standin, "proxy_buffering off;", own.address);
  const Tinyproxy tinyproxy(home);
  home.configure(configuration(nginx.base_url(own.name), ca_file_setting(home)));
  home.set(variable, tinyproxy.url());
  const std::string tunnel = "CONNECT " + own.name + ":" + nginx.port();
  check_piecewise(standin, home);
  CHECK(has(tinyproxy.log(), tunnel));

  // A host in no_proxy is contacted without the proxy.
  home.set(GENERATE("no_proxy", "NO_PROXY"), "example.org," + own.name);
  check_piecewise(standin, home);
  const std::string log = tinyproxy.log();
  CHECK(log.find(tunnel) == log.rfind(tunnel));
}

TEST_CASE("tinyproxy: the setting overrides the variables", "[proxies]") {
  need({"tinyproxy"});
  Standin standin;
  Home home;
  const Tinyproxy tinyproxy(home);
  home.set("http_proxy", "http://127.0.0.1:1");
  home.set("no_proxy", "127.0.0.1,localhost");
  home.configure(configuration(standin.base_url(), proxy(tinyproxy.url())));
  check_piecewise(standin, home);
  CHECK_FALSE(header(standin.requests().at(0), "via").empty());
}

TEST_CASE("tinyproxy: loopback is contacted without the variables' proxy", "[proxies]") {
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

}  // namespace chatvim::testing::proxies_test
