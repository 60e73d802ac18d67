// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock.h"
#include "stream.h"

namespace chatvim::standin {

// One header line, as it was written.
struct Header {
  std::string name;
  std::string value;
};

// The first header of that name in any case, or null.
const Header* find_header(const std::vector<Header>& headers, std::string_view name);

// A whole HTTP/1.1 request, with the times at which its parts had arrived.
struct HttpRequest {
  std::string method;
  std::string target;  // path and query, as sent
  std::string version;
  std::vector<Header> headers;  // in the order of arrival, duplicates kept
  std::string body;
  bool expects_continue = false;
  Nanoseconds first_byte_ns = 0;
  Nanoseconds headers_ns = 0;
  Nanoseconds body_ns = 0;

  // The target without its query.
  std::string_view path() const;
  // The value of `key` in the query, not decoded; nothing if it is not there.
  std::optional<std::string_view> query(std::string_view key) const;
  // Whether the client leaves the connection open for another request.
  bool keeps_alive() const;
};

// Reads the requests of one connection, one after another (RFC 9112).
class RequestReader {
 public:
  explicit RequestReader(Stream& stream) : stream_(stream) {}

  // The next request; nothing at the end of the connection, or, with words in problem(), if what
  // came is no request.
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
  std::size_t used_ = 0;  // bytes of buffer_ that are consumed
  std::string problem_;
};

// The usual words for a status code.
std::string_view reason_phrase(int status);

}  // namespace chatvim::standin
