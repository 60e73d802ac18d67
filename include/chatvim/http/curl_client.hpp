// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "chatvim/http/client.hpp"
#include "chatvim/loop/loop.hpp"

namespace chatvim::http {

/// Reads an environment variable; returns nothing if it is unset.
using ReadVariable = std::function<std::optional<std::string>(std::string_view name)>;

/// A client based on libcurl's multi interface: one pool of connections, HTTP/2 if the server
/// offers it. It also implements the loop's multiplexer, so that sockets and the channel are waited
/// for in one place. It looks for the trusted authorities when the first request is made
/// (certificates.hpp).
class CurlClient final : public Client, public loop::Multiplexer {
 public:
  explicit CurlClient(ReadVariable environment);
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;
  ~CurlClient() override;

  std::unique_ptr<Transfer> start(Request request, Handler& handler) override;
  void rehearse(const Request& request) override;
  void warm(const Request& request) override;

  void wait(std::span<loop::Descriptor> descriptors, std::chrono::milliseconds timeout) override;
  void perform() override;

 private:
  struct Impl;
  class CurlTransfer;
  friend class CurlTransfer;
  std::unique_ptr<Impl> impl_;
};

/// Describes libcurl in one line for `--version`: its version, its TLS library, and after a colon
/// its features. The health report parses it.
std::string library_version();

}  // namespace chatvim::http
