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

/// Reads a variable of the environment; nothing if it is not set.
using ReadVariable = std::function<std::optional<std::string>(std::string_view name)>;

/// The client over libcurl's multi interface: one set of kept connections, HTTP/2 where it is
/// offered. It is the loop's multiplexer too, so that sockets and the channel are waited for in one
/// place. At its first request it looks for the authorities to trust (certificates.hpp).
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

/// libcurl in one line for `--version`: its version, its TLS library, and its features after a
/// colon. The health report reads it.
std::string library_version();

}  // namespace chatvim::http
