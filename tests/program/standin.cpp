// SPDX-License-Identifier: Apache-2.0
#include "standin.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace chatvim::testing {

namespace {

/// A connected socket whose operations time out after the test's limit.
class Socket {
 public:
  Socket(const std::string& host, const std::string& port) {
    const bool is_ipv6 = host.front() == '[';
    fd_ = ::socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    const timeval limit{kLimit.count(), 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    const auto number = htons(static_cast<std::uint16_t>(std::stoi(port)));
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = number;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = number;
    v6.sin6_addr = in6addr_loopback;
    const auto* address =
        is_ipv6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
    const auto size = static_cast<socklen_t>(is_ipv6 ? sizeof v6 : sizeof v4);
    if (::connect(fd_, address, size) != 0) throw std::runtime_error("the stand-in is gone");
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { ::close(fd_); }

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) throw std::runtime_error("the stand-in takes no request");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  std::string read_all() const {
    std::string out;
    std::array<char, 65536> buffer;
    for (;;) {
      const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (count < 0) throw std::runtime_error("the stand-in does not answer");
      if (count == 0) return out;
      out.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  int fd_ = -1;
};

Command standin_command(const std::vector<std::string>& arguments) {
  Command command{{CHATVIM_STANDIN}, {}, {}};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return command;
}

/// Returns the port at the end of the line that starts with `label`.
std::string port_after(const std::string& output, const std::string& label) {
  const std::size_t start = output.find(label);
  const std::size_t end = output.find('\n', start);
  const std::size_t colon = output.rfind(':', end);
  return output.substr(colon + 1, end - colon - 1);
}

}  // namespace

Standin::Standin(const std::vector<std::string>& arguments) : process_(standin_command(arguments)) {
  const std::string& output = process_.output();
  process_.wait_until([&] { return std::count(output.begin(), output.end(), '\n') >= 2; });
  port_ = port_after(output, "listening on ");
  control_port_ = port_after(output, "control on ");
  const auto has = [&arguments](const char* word) {
    return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
  };
  scheme_ = has("--tls") ? "https://" : "http://";
  host_ = has("::1") ? "[::1]" : "127.0.0.1";
}

std::string Standin::control(const std::string& method, const std::string& target,
                             const std::string& body) {
  const Socket socket(host_, control_port_);
  socket.send(
      fmt::format("{} /_standin/{} HTTP/1.1\r\nHost: localhost\r\nConnection: "
                  "close\r\nContent-Length: {}\r\n\r\n",
                  method, target, body.size()));
  socket.send(body);
  std::string reply = socket.read_all();
  const std::size_t head_end = reply.find("\r\n\r\n");
  if (head_end == std::string::npos || reply.find(" 200 ") > reply.find('\r')) {
    throw std::runtime_error("the stand-in refuses " + target + ": " + reply);
  }
  return reply.substr(head_end + 4);
}

void Standin::script(const Json& script) { control("POST", "script", script.dump()); }

void Standin::release(const std::string& gate) {
  control("POST", "release", Json{{"name", gate}}.dump());
}

Json Standin::records(const std::string& query) {
  const std::string target =
      "requests?times=0&timeout_ms=20000" + (query.empty() ? "" : "&" + query);
  Json records = Json::parse(control("GET", target, ""));
  if (!query.empty() && !records.value("met", false)) {
    throw std::runtime_error("the stand-in waited in vain for " + query + ": " + records.dump(2));
  }
  return records;
}

Json Standin::requests(const std::string& query) { return records(query).at("requests"); }

std::string Standin::body(int id) {
  return control("GET", fmt::format("requests/{}/body", id), "");
}

Json answer(const std::vector<std::string>& deltas, const std::string& finish) {
  return {{"steps", {{{"deltas", {{"text", deltas}}}}, {{"finish", finish}}}}};
}

Json answer_with_gate(const std::vector<std::string>& deltas, const std::string& gate) {
  return {{"steps", {{{"deltas", {{"text", deltas}}}}, {{"wait", gate}}, {{"finish", "stop"}}}}};
}

Json answer_around_gate(const std::string& first, const std::string& gate,
                        const std::string& rest) {
  return {{"steps",
           {{{"deltas", {{"text", {first}}}}},
            {{"wait", gate}},
            {{"deltas", {{"text", {rest}}}}},
            {{"finish", "stop"}}}}};
}

std::string header(const Json& request, const std::string& name) {
  for (const Json& field : request.at("headers")) {
    std::string own = field.at(0);
    std::transform(own.begin(), own.end(), own.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (own == name) return field.at(1);
  }
  return {};
}

std::string decode_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) continue;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return out;
}

}  // namespace chatvim::testing
