// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "process.hpp"

namespace chatvim::testing {

using Json = nlohmann::json;

/// A stand-in server for one test; stopped by the destructor.
class Standin {
 public:
  explicit Standin(const std::vector<std::string>& arguments = {});

  /// Returns a URL such as "http://127.0.0.1:4711/v1"; https with the argument `--tls`.
  std::string base_url() const { return scheme_ + host_ + ":" + port_ + "/v1"; }
  const std::string& port() const { return port_; }

  /// Replaces the rest of the current script.
  void script(const Json& script);
  /// Releases the reply that waits at this gate.
  void release(const std::string& gate);
  /// Returns the requests so far; with a query such as "wait=1", first waits until it holds, or
  /// fails.
  Json requests(const std::string& query = "");
  /// Returns all records, including connections.
  Json records(const std::string& query = "");
  /// Returns the body of a request as received; the first has the number 1.
  std::string body(int id);

 private:
  std::string control(const std::string& method, const std::string& target,
                      const std::string& body);

  Process process_;
  std::string scheme_;
  std::string host_;
  std::string port_;
  std::string control_port_;
};

/// Returns a reply that streams these deltas and ends normally.
Json answer(const std::vector<std::string>& deltas, const std::string& finish = "stop");
/// Returns a reply that streams the deltas, waits at the gate, and then ends normally.
Json answer_with_gate(const std::vector<std::string>& deltas, const std::string& gate);

/// Returns a reply that streams `first`, waits at the gate, streams `rest`, and ends normally.
Json answer_around_gate(const std::string& first, const std::string& gate, const std::string& rest);

/// Returns the value of a recorded request's header, or an empty string; `name` is in lower case.
std::string header(const Json& request, const std::string& name);

/// Decodes base64.
std::string decode_base64(std::string_view text);

}  // namespace chatvim::testing
