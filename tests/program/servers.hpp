// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "home.hpp"

namespace chatvim::testing {

/// Skips the test, with the reason, unless all these programs are available: programs on PATH,
/// "nginx" and "tinyproxy", which scripts/setup.sh may have unpacked, and "aimock".
void need(std::initializer_list<const char*> programs);

/// Returns the path of a program, or an empty string. Also searches the folders of Debian's
/// servers, which a user's PATH lacks.
std::string path_of(const std::string& program);

/// A third-party server on a free port; stopped by the destructor.
class ForeignServer {
 public:
  const std::string& port() const { return port_; }

 protected:
  ForeignServer() = default;
  /// Starts the result of `command(port)` until a port is free and the server answers on it.
  void start_on_free_port(const std::string& address,
                          const std::function<Command(const std::string& port)>& command);
  std::unique_ptr<Process> process_;
  std::string port_;
};

/// aimock, which imitates several providers with the answers in tests/aimock/fixtures.json.
class Aimock : public ForeignServer {
 public:
  Aimock();
  std::string base_url() const { return "http://127.0.0.1:" + port_ + "/v1"; }
};

/// Creates a certificate for "127.0.0.1" and one more name and address, signed by an authority that
/// only these tests know; writes ca.pem, server.pem and server.key to the home folder.
void make_certificate(const Home& home, const std::string& name = "localhost",
                      const std::string& address = "127.0.0.1");

/// Returns the line for a provider's table that trusts the authority of `make_certificate`.
std::string ca_file_setting(const Home& home);

/// nginx with TLS, HTTP/2 and the certificate of `make_certificate`, in front of a stand-in.
class Nginx : public ForeignServer {
 public:
  /// `directives` are added to its only location, which passes requests on.
  Nginx(const Home& home, const Standin& upstream, const std::string& directives,
        const std::string& address = "127.0.0.1");
  std::string base_url(const std::string& host = "127.0.0.1") const {
    return "https://" + host + ":" + port_ + "/v1";
  }
  /// Waits until nginx has logged `lines` requests, then returns them all: protocol and status.
  std::string access_log(int lines) const;

 private:
  const Home& home_;
};

/// tinyproxy, a forward proxy.
class Tinyproxy : public ForeignServer {
 public:
  /// `directives` are added to its configuration.
  explicit Tinyproxy(const Home& home, const std::string& directives = "");
  /// Returns its URL, with `user` in it, such as "name:password".
  std::string url(const std::string& user = "") const {
    return "http://" + (user.empty() ? "" : user + "@") + "127.0.0.1:" + port_;
  }
  /// Returns its log of connections so far.
  std::string log() const { return home_.read("tinyproxy.log"); }

 private:
  const Home& home_;
};

/// A name of this machine that does not look like loopback, and its IPv4 address.
struct OwnName {
  std::string name;
  std::string address;
};
/// Returns this machine's host name; skips the test if the name has no address.
OwnName own_name();

/// Checks that the first delta is printed while the stand-in holds the second back, and then the
/// rest.
void check_piecewise(Standin& standin, const Home& home);

}  // namespace chatvim::testing
