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

// As much of HTTP/2 (RFC 9113) as a test of faults needs: one stream at a time, bodies within the
// client's windows. Header fields of requests are not read, so the only method is POST.
class Http2Reader {
 public:
  explicit Http2Reader(Stream& stream) : stream_(stream) {}

  // The next request; nothing at the end of the connection.
  std::optional<HttpRequest> next();
  // The stream that it came on.
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

// The frame with status and header fields of a response.
std::string http2_head(std::uint32_t stream, int status, const std::vector<Header>& headers);
// The frames with a part of a body; the `last` ends the stream.
std::string http2_data(std::uint32_t stream, std::string_view data, bool last);
// A stream's reset.
std::string http2_reset(std::uint32_t stream);
// "No more streams", the one that is open included.
std::string http2_goaway();

}  // namespace chatvim::standin
