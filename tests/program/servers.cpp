// SPDX-License-Identifier: Apache-2.0
#include "servers.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace chatvim::testing {

namespace {

namespace fs = std::filesystem;

const std::string kAimock = CHATVIM_DEPS "/aimock/node_modules/@copilotkit/aimock/dist/cli.js";

/// Returns what to report if a program is missing, or an empty string.
std::string why_not(const std::string& program) {
  if (program == "aimock") {
    if (path_of("node").empty()) return "Node.js is missing, which aimock needs";
    if (!fs::exists(kAimock)) {
      return "aimock is missing: scripts/setup.sh --with-tests gets it with npm";
    }
    return {};
  }
  if (!path_of(program).empty()) return {};
  return program + " is missing: scripts/setup.sh --with-tests gets it where it can";
}

sockaddr_in socket_address(const std::string& address, int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, address.c_str(), &out.sin_addr);
  return out;
}

/// Returns a port that was free a moment ago.
std::string free_port(const std::string& address) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in own = socket_address(address, 0);
  socklen_t size = sizeof own;
  const bool ok = ::bind(fd, reinterpret_cast<const sockaddr*>(&own), size) == 0 &&
                  ::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) == 0;
  ::close(fd);
  if (!ok) throw std::runtime_error("no free port on " + address);
  return std::to_string(ntohs(own.sin_port));
}

bool accepts(const std::string& address, const std::string& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in there = socket_address(address, std::stoi(port));
  const bool ok = ::connect(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0;
  ::close(fd);
  return ok;
}

void run_openssl(const Home& home, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), path_of("openssl"));
  Process process({arguments, {{"HOME", home.path("")}}, home.path("")});
  if (process.wait() != 0) throw std::runtime_error("openssl failed: " + process.errors());
}

}  // namespace

std::string path_of(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path ? path : "/usr/bin:/bin") +
                             ":/usr/sbin:/usr/local/sbin:" CHATVIM_DEPS
                             "/servers/usr/sbin:" CHATVIM_DEPS "/servers/usr/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string file = folder + "/" + program;
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

void need(std::initializer_list<const char*> programs) {
  for (const char* program : programs) {
    if (const std::string reason = why_not(program); !reason.empty()) SKIP(reason);
  }
}

void ForeignServer::start_on_free_port(
    const std::string& address, const std::function<Command(const std::string& port)>& command) {
  constexpr int kTries = 5;  // another process may take the port meanwhile
  for (int i = 0; i < kTries; ++i) {
    port_ = free_port(address);
    process_ = std::make_unique<Process>(command(port_));
    bool ended = false;
    process_->wait_until([&] {
      ended = process_->has_ended();
      return ended || accepts(address, port_);
    });
    if (!ended) return;
  }
  throw std::runtime_error("the server does not start: " + process_->output() + process_->errors());
}

Aimock::Aimock() {
  const std::string fixtures = CHATVIM_TEST_DATA "/../aimock/fixtures.json";
  start_on_free_port("127.0.0.1", [&fixtures](const std::string& port) {
    return Command{{path_of("node"), kAimock, "-p", port, "-f", fixtures}, {}, {}};
  });
}

void make_certificate(const Home& home, const std::string& name, const std::string& address) {
  const auto request = [&home](const std::string& subject, const std::string& key,
                               std::vector<std::string> more) {
    std::vector<std::string> arguments = {
        "req",    "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-keyout", key,  "-subj",    "/CN=" + subject};
    arguments.insert(arguments.end(), more.begin(), more.end());
    run_openssl(home, arguments);
  };
  home.file("server.ext", fmt::format("subjectAltName=IP:127.0.0.1,DNS:{},IP:{}\n", name, address));
  request("Chatvim tests", "ca.key", {"-x509", "-days", "2", "-out", "ca.pem"});
  request(name, "server.key", {"-new", "-out", "server.csr"});
  run_openssl(home,
              {"x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
               "-CAcreateserial", "-days", "2", "-extfile", "server.ext", "-out", "server.pem"});
}

std::string ca_file_setting(const Home& home) {
  return fmt::format("ca_file = \"{}\"\n", home.path("ca.pem"));
}

Nginx::Nginx(const Home& home, const Standin& upstream, const std::string& directives,
             const std::string& address)
    : home_(home) {
  // A single process, so that nothing is left after a kill, and all paths in the test's folder.
  constexpr std::string_view kConfiguration = R"(
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
  log_format protocol "$server_protocol $status";
  access_log access.log protocol;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {{
    listen {}:{} ssl http2;
    ssl_certificate server.pem;
    ssl_certificate_key server.key;
    location / {{
      {}
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass http://127.0.0.1:{};
    }}
  }}
}}
)";
  start_on_free_port(address, [&](const std::string& port) {
    const std::string file = home.file(
        "nginx.conf",
        fmt::format(fmt::runtime(kConfiguration), address, port, directives, upstream.port()));
    return Command{{path_of("nginx"), "-p", home.path(""), "-c", file}, {}, home.path("")};
  });
}

std::string Nginx::access_log(int lines) const {
  std::string text;
  process_->wait_until([&] {
    text = home_.read("access.log");
    return std::count(text.begin(), text.end(), '\n') >= lines;
  });
  return text;
}

Tinyproxy::Tinyproxy(const Home& home, const std::string& directives) : home_(home) {
  start_on_free_port("127.0.0.1", [&](const std::string& port) {
    const std::string file = home.file(
        "tinyproxy.conf",
        fmt::format("Port {}\nListen 127.0.0.1\nTimeout 600\nLogFile \"{}\"\nLogLevel Info\n{}\n",
                    port, home.path("tinyproxy.log"), directives));
    return Command{{path_of("tinyproxy"), "-d", "-c", file}, {}, home.path("")};
  });
}

OwnName own_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  const std::string host = name.data();
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (host.empty() || host == "localhost" ||
      ::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
    SKIP("this machine's host name '" + host + "' has no IPv4 address");
  }
  std::array<char, INET_ADDRSTRLEN> text{};
  const auto* first = reinterpret_cast<const sockaddr_in*>(found->ai_addr);
  ::inet_ntop(AF_INET, &first->sin_addr, text.data(), text.size());
  ::freeaddrinfo(found);
  return {host, text.data()};
}

void check_piecewise(Standin& standin, const Home& home) {
  standin.script(Json::array({{{"steps",
                                {{{"deltas", {{"text", {"first "}}}}},
                                 {{"wait", "go"}},
                                 {{"deltas", {{"text", {"second"}}}}},
                                 {{"finish", "stop"}}}}}}));
  Process process(home.command({"complete", "hi"}));
  process.end_input();
  process.wait_until([&] { return process.output() == "first " || process.has_ended(); });
  INFO(process.errors());
  REQUIRE(process.output() == "first ");
  standin.release("go");
  CHECK(process.wait() == 0);
  CHECK(process.output() == "first second\n");
}

}  // namespace chatvim::testing
