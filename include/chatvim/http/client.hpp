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

/// Names and values of header fields, in order.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// How a request is made.
enum class Method { kPost, kGet };

/// A request. Its body is sent as it is, without `Expect: 100-continue`; redirects are not
/// followed. One whose HTTP/2 stream is reset before an answer is sent once more on HTTP/1.1.
struct Request {
  Method method = Method::kPost;
  std::string url;
  Headers headers;
  std::shared_ptr<const std::string> body;  ///< null: none. Shared, as a retry sends it again
  std::string proxy;            ///< URL; empty: the environment's, and none for loopback
  std::string ca_file;          ///< PEM; empty: the system's trust store
  double connect_timeout = 15;  ///< seconds until the connection stands, TLS included; 0: none
  double idle_timeout = 120;    ///< seconds in which no byte goes either way; 0: none
};

/// Who is told about a transfer. Called from the loop, never from within `start`; may destroy the
/// transfer in any call.
class Handler {
 public:
  virtual ~Handler() = default;
  /// The connection stands; the request is being sent.
  virtual void on_connected() = 0;
  /// The response's status and header fields (of the final response: not of a proxy's, not of 1xx).
  virtual void on_head(int status, const Headers& headers) = 0;
  /// The next bytes of the body, content coding undone.
  virtual void on_body(std::string_view bytes) = 0;
  /// The end, once: whole as far as HTTP can tell, or why not (`kLost`: the connection broke before
  /// any of an answer came). Nothing is called after it.
  virtual void on_end(Result<void> result) = 0;
};

/// A request under way. Destroying it cancels it: the connection closes (the HTTP/2 stream is
/// reset) and the handler is not called again.
class Transfer {
 public:
  virtual ~Transfer() = default;
  /// The handler has what it wants and is not called again. The little that is left of the response
  /// is still read, for a second at most, so that the connection can be kept; this object may be
  /// destroyed at once.
  virtual void release() = 0;
};

/// Makes requests; keeps connections for the next ones. Tests give their own.
class Client {
 public:
  virtual ~Client() = default;
  /// Starts a request. The handler must outlive the transfer.
  virtual std::unique_ptr<Transfer> start(Request request, Handler& handler) = 0;
  /// Does once what only a first request costs, such as reading certificates: one like this is sent
  /// to a socket of this process that is connected to itself. Nothing is looked up and no other
  /// host hears of it. Failures are silent.
  virtual void rehearse(const Request& request) = 0;
  /// Opens a connection for requests like this one, as far as that is possible without sending one:
  /// it is kept with HTTP/2; with HTTP/1.1 only the address is looked up early. Failures are
  /// silent.
  virtual void warm(const Request& request) = 0;
};

/// True where an address is always this machine's own.
bool is_own_machine(const std::string& url);

}  // namespace chatvim::http
