// SPDX-License-Identifier: Apache-2.0
// Which certificate authorities TLS trusts: the environment variables of the curl command, and
// `ca_file`.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>

#include "home.hpp"
#include "servers.hpp"
#include "standin.hpp"

namespace chatvim::testing {

namespace {

/// A TLS server whose authority is in ca.pem, and a home whose configuration sets only the server.
struct Trial {
  Home home;
  Standin standin{{"--tls", "--write-ca", home.path("ca.pem")}};

  explicit Trial(std::string_view more = "") {
    home.configure(configuration(standin.base_url(), more));
    standin.script(Json::array({answer({"trusted"})}));
  }

  bool trusts() { return home.run({"complete", "hi"}).out == printed("trusted"); }
  std::string refusal() {
    const Run run = home.run({"complete", "hi"});
    CHECK(run.code == 1);
    CHECK(standin.requests().empty());
    return run.err;
  }
};

/// Creates a folder with a certificate under its hashed name.
std::string hashed_folder(const Home& home, const std::string& file) {
  std::filesystem::create_directory(home.path("trusted"));
  std::filesystem::copy_file(home.path(file), home.path("trusted/ca.pem"));
  Process process({{path_of("openssl"), "rehash", home.path("trusted")}, {}, home.path("")});
  REQUIRE(process.wait() == 0);
  return home.path("trusted");
}

}  // namespace

TEST_CASE("CURL_CA_BUNDLE and SSL_CERT_FILE name the authorities to trust", "[certificates]") {
  for (const char* variable : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    INFO(variable);
    Trial trial;
    trial.home.set(variable, trial.home.path("ca.pem"));
    CHECK(trial.trusts());
  }
}

TEST_CASE("SSL_CERT_DIR names a folder of authorities to trust", "[certificates]") {
  need({"openssl"});
  Trial trial;
  trial.home.set("SSL_CERT_DIR", hashed_folder(trial.home, "ca.pem"));
  CHECK(trial.trusts());
}

TEST_CASE("CURL_CA_BUNDLE wins over SSL_CERT_FILE, but counts as unset if empty",
          "[certificates]") {
  Trial wins;
  wins.home.set("SSL_CERT_FILE", "/no/such/file.pem");
  wins.home.set("CURL_CA_BUNDLE", wins.home.path("ca.pem"));
  CHECK(wins.trusts());

  Trial loses;
  loses.home.set("SSL_CERT_FILE", loses.home.path("ca.pem"));
  loses.home.set("CURL_CA_BUNDLE", "/no/such/bundle.pem");
  CHECK(loses.refusal().find("CURL_CA_BUNDLE") != std::string::npos);

  Trial empty;
  empty.home.set("SSL_CERT_FILE", empty.home.path("ca.pem"));
  empty.home.set("CURL_CA_BUNDLE", "");
  CHECK(empty.trusts());
}

TEST_CASE("ca_file wins over the variables", "[certificates]") {
  Trial wins;
  wins.home.configure(configuration(wins.standin.base_url(), ca_file_setting(wins.home)));
  for (const char* variable : {"CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"})
    wins.home.set(variable, "/no/such/place");
  CHECK(wins.trusts());

  // The authority of another server.
  Home other;
  const Standin stranger({"--tls", "--write-ca", other.path("ca.pem")});
  Trial loses;
  loses.home.configure(configuration(loses.standin.base_url(), ca_file_setting(other)));
  loses.home.set("SSL_CERT_FILE", loses.home.path("ca.pem"));
  CHECK(loses.refusal().find("TLS with 127.0.0.1 failed") != std::string::npos);
}

TEST_CASE("an unreadable file in a variable is reported in one sentence", "[certificates]") {
  for (const char* variable : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    Trial trial;
    for (const std::string& path :
         {std::string("/no/such/ca.pem"), trial.home.file("bad.pem", "no PEM")}) {
      trial.home.set(variable, path);
      CHECK(trial.refusal() ==
            fmt::format("chatvim: standin: Set {} to a PEM file, or unset it: the "
                        "certificates in {} cannot be read.\n",
                        variable, path));
    }
  }
}

TEST_CASE("a TLS failure names SSL_CERT_DIR if there is no such folder", "[certificates]") {
  Trial trial;
  trial.home.set("SSL_CERT_DIR", "/no/such/folder");
  const std::string refusal = trial.refusal();
  CHECK(refusal.find("TLS with 127.0.0.1 failed") != std::string::npos);
  CHECK(refusal.find("SSL_CERT_DIR names /no/such/folder, which is not a folder.") !=
        std::string::npos);
}

TEST_CASE("advice about SSL_CERT_DIR is given only for an untrusted authority", "[certificates]") {
  Trial unknown;
  const std::string here = unknown.home.path("");
  unknown.home.set("SSL_CERT_DIR", here + ":/no/such/folder");
  CHECK(unknown.refusal().find("SSL_CERT_DIR names /no/such/folder, which is not a folder.") !=
        std::string::npos);
  unknown.home.set("SSL_CERT_DIR", here + ":" + here);
  CHECK(unknown.refusal().find("SSL_CERT_DIR") == std::string::npos);

  // A server without TLS.
  Home home;
  const Standin plain;
  home.configure(configuration("https://127.0.0.1:" + plain.port() + "/v1"));
  home.set("SSL_CERT_DIR", "/no/such/folder");
  const Run run = home.run({"complete", "hi"});
  CHECK(run.code == 1);
  CHECK(run.err.find("SSL_CERT_DIR") == std::string::npos);
}

}  // namespace chatvim::testing
