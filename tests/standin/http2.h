// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http.h"
#include "stream.h"

namespace chatvim::standin {

// The part of HTTP/2 (RFC 9113) that the fault tests need: one stream at a time, and bodies that
// fit the client's windows. Header fields of requests are not read, so the only method is POST.
class Http2Reader {
 public:
  explicit Http2Reader(Stream& stream) : stream_(stream) {}

  // Returns the next request, or nothing at the end of the connection.
  std::optional<HttpRequest> next();
  // Returns the request's stream.
  std::uint32_t stream_id() const { return stream_id_; }

 private:
  struct Frame {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::uint32_t stream = 0;
    std::string payload;
  };

  bool begin();
  std::optional<Frame> read_frame();
  std::optional<std::string> read_exactly(std::size_t size);

  Stream& stream_;
  std::string buffer_;
  bool begun_ = false;
  std::uint32_t stream_id_ = 0;
};

// Returns the frame with the status and header fields of a response.
std::string http2_head(std::uint32_t stream, int status, const std::vector<Header>& headers);
// Returns the frames of a part of a body; with `last` they end the stream.
std::string http2_data(std::uint32_t stream, std::string_view data, bool last);
// Returns the frame that resets a stream.
std::string http2_reset(std::uint32_t stream);
// Returns a GOAWAY frame that also gives up the open stream.
std::string http2_goaway();

}  // namespace chatvim::standin
