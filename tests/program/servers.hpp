// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "home.hpp"

namespace chatvim::testing {

/// Skips the test, saying what is missing, unless all these programs are there. Known are those of
/// PATH, "nginx" and "tinyproxy" that scripts/setup.sh unpacked, and "aimock".
void need(std::initializer_list<const char*> programs);

/// The path of a program; empty when it is nowhere. Debian's servers are in folders that a user's
/// PATH lacks.
std::string path_of(const std::string& program);

/// A server that nobody here wrote, on a free port of one address. It ends with the object.
class ForeignServer {
 public:
  const std::string& port() const { return port_; }

 protected:
  ForeignServer() = default;
  /// Starts what `command` gives for a port until one is free and the server answers there.
  void start_on_free_port(const std::string& address,
                          const std::function<Command(const std::string& port)>& command);
  std::unique_ptr<Process> process_;
  std::string port_;
};

/// aimock, which speaks as several providers do, with the answers of tests/aimock/fixtures.json.
class Aimock : public ForeignServer {
 public:
  Aimock();
  std::string base_url() const { return "http://127.0.0.1:" + port_ + "/v1"; }
};

/// A certificate for "127.0.0.1" and one more name and address, signed by an authority that only
/// these tests know; the files ca.pem, server.pem and server.key in the home folder.
void make_certificate(const Home& home, const std::string& name = "localhost",
                      const std::string& address = "127.0.0.1");

/// The line for a provider's table that trusts the authority of `make_certificate`.
std::string ca_file_setting(const Home& home);

/// nginx with TLS and HTTP/2 and the certificate of `make_certificate`, before a stand-in.
class Nginx : public ForeignServer {
 public:
  /// `directives` go into its only location, beside those that pass the request on.
  Nginx(const Home& home, const Standin& upstream, const std::string& directives,
        const std::string& address = "127.0.0.1");
  std::string base_url(const std::string& host = "127.0.0.1") const {
    return "https://" + host + ":" + port_ + "/v1";
  }
  /// Waits until it has written so many lines on requests, then gives all: protocol and status.
  std::string access_log(int lines) const;

 private:
  const Home& home_;
};

/// tinyproxy, a forward proxy.
class Tinyproxy : public ForeignServer {
 public:
  /// `directives` go into its configuration.
  explicit Tinyproxy(const Home& home, const std::string& directives = "");
  /// With `user`, such as "name:password", in the address.
  std::string url(const std::string& user = "") const {
    return "http://" + (user.empty() ? "" : user + "@") + "127.0.0.1:" + port_;
  }
  /// What it has written on its connections so far.
  std::string log() const { return home_.read("tinyproxy.log"); }

 private:
  const Home& home_;
};

/// A name of this machine that does not look like loopback, and the IPv4 address that it has.
struct OwnName {
  std::string name;
  std::string address;
};
/// Skips the test when this machine's host name has no address.
OwnName own_name();

/// Shows that the first delta comes out while the stand-in holds the second back, and then all.
void check_piecewise(Standin& standin, const Home& home);

}  // namespace chatvim::testing
