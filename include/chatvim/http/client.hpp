// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/loop/loop.hpp"

namespace chatvim::http {

/// Header names and values, in order.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The HTTP method.
enum class Method { kPost, kGet };

/// A request. The body is sent unchanged, without `Expect: 100-continue`; redirects are not
/// followed. If its HTTP/2 stream is reset before an answer arrives, the request is sent once more
/// over HTTP/1.1.
struct Request {
  Method method = Method::kPost;
  std::string url;
  Headers headers;
  std::shared_ptr<const std::string> body;  ///< may be null. Shared because a retry sends it again
  std::string proxy;            ///< URL; empty: from the environment, and no proxy for loopback
  std::string ca_file;          ///< PEM file; empty: the system's trust store
  double connect_timeout = 15;  ///< seconds to establish the connection, including TLS; 0: no limit
  double idle_timeout = 120;    ///< seconds without a byte in either direction; 0: no limit
};

/// Receives the events of a transfer. Called from the loop, never from within `start`; any call may
/// destroy the transfer.
class Handler {
 public:
  virtual ~Handler() = default;
  /// The connection is established and the request is being sent.
  virtual void on_connected() = 0;
  /// Status and headers of the final response (not of a proxy's response or a 1xx).
  virtual void on_head(int status, const Headers& headers) = 0;
  /// The next bytes of the body, decoded.
  virtual void on_body(std::string_view bytes) = 0;
  /// Called once at the end, and last. The response is complete as far as HTTP can tell, or
  /// `result` is the error (`kLost`: the connection broke before the answer began).
  virtual void on_end(Result<void> result) = 0;
};

/// A running request. Destroying it cancels it: the connection closes (or the HTTP/2 stream is
/// reset) and the handler is not called again.
class Transfer {
 public:
  virtual ~Transfer() = default;
  /// Stops calling the handler, which has all that it needs. The short rest of the response is
  /// still read, for at most a second, so that the connection can be kept; this object may be
  /// destroyed at once.
  virtual void release() = 0;
};

/// Makes requests and keeps connections for later ones. Tests provide their own.
class Client {
 public:
  virtual ~Client() = default;
  /// Starts a request. The handler must outlive the transfer.
  virtual std::unique_ptr<Transfer> start(Request request, Handler& handler) = 0;
  /// Does the one-time work of a first request, such as reading certificates, by sending a request
  /// like this one to a socket of this process that is connected to itself. Nothing is resolved and
  /// no other host is contacted. Errors are ignored.
  virtual void rehearse(const Request& request) = 0;
  /// Opens a connection for requests like this one as far as that is possible without sending one:
  /// with HTTP/2 the connection is kept; with HTTP/1.1 only the name lookup is done early. Errors
  /// are ignored.
  virtual void warm(const Request& request) = 0;
};

/// Whether a URL always refers to this machine.
bool is_own_machine(const std::string& url);

}  // namespace chatvim::http
