// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "process.hpp"

namespace chatvim::testing {

using Json = nlohmann::json;

/// A stand-in server of a test's own; it ends with the object.
class Standin {
 public:
  explicit Standin(const std::vector<std::string>& arguments = {});

  /// Such as "http://127.0.0.1:4711/v1"; https with the argument `--tls`.
  std::string base_url() const { return scheme_ + host_ + ":" + port_ + "/v1"; }
  const std::string& port() const { return port_; }

  /// Puts the script in place of what is left of the old one.
  void script(const Json& script);
  /// Lets the reply at this gate go on.
  void release(const std::string& gate);
  /// The requests so far; with a query such as "wait=1", waits until it holds or fails.
  Json requests(const std::string& query = "");
  /// Everything recorded, connections too.
  Json records(const std::string& query = "");
  /// The body of a request as it came; the first has the number 1.
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

/// A reply that streams these deltas and ends well.
Json answer(const std::vector<std::string>& deltas, const std::string& finish = "stop");
/// A reply that streams the deltas, then stands at the gate, then ends well.
Json answer_with_gate(const std::vector<std::string>& deltas, const std::string& gate);

/// The value of a recorded request's header field, its name in lower case; empty when there is
/// none.
std::string header(const Json& request, const std::string& name);

/// The bytes that base64 stands for.
std::string decode_base64(std::string_view text);

}  // namespace chatvim::testing
