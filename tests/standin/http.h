// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock.h"
#include "stream.h"

namespace chatvim::standin {

// A header line, as it was written.
struct Header {
  std::string name;
  std::string value;
};

// Returns the first header with that name, ignoring case, or null.
const Header* find_header(const std::vector<Header>& headers, std::string_view name);

// A complete HTTP/1.1 request, and when its parts arrived.
struct HttpRequest {
  std::string method;
  std::string target;  // path and query, as sent
  std::string version;
  std::vector<Header> headers;  // in the order of arrival, including duplicates
  std::string body;
  bool expects_continue = false;
  Nanoseconds first_byte_ns = 0;
  Nanoseconds headers_ns = 0;
  Nanoseconds body_ns = 0;

  // Returns the target without its query.
  std::string_view path() const;
  // Returns the value of `key` in the query, not decoded, or nothing if it is missing.
  std::optional<std::string_view> query(std::string_view key) const;
  // Whether the client keeps the connection open for another request.
  bool keeps_alive() const;
};

// Reads the requests of a connection, one after another (RFC 9112).
class RequestReader {
 public:
  explicit RequestReader(Stream& stream) : stream_(stream) {}

  // Returns the next request, or nothing at the end of the connection. If the bytes are not a
  // request, returns nothing and problem() describes the error.
  std::optional<HttpRequest> next();
  const std::string& problem() const { return problem_; }

 private:
  bool fill();
  std::optional<std::string> take_line();
  bool read_head(HttpRequest& request);
  bool read_body(HttpRequest& request);
  bool read_exactly(std::size_t size, std::string& out);
  bool read_chunked(std::string& out);
  bool fail(std::string problem);

  Stream& stream_;
  std::string buffer_;
  std::size_t used_ = 0;  // number of bytes consumed in buffer_
  std::string problem_;
};

// Returns the standard reason phrase for a status code.
std::string_view reason_phrase(int status);

}  // namespace chatvim::standin
