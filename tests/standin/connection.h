// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "control.h"
#include "gates.h"
#include "playlist.h"
#include "recorder.h"
#include "stream.h"

namespace chatvim::standin {

// The objects shared by all connections.
struct Services {
  Playlist& playlist;
  Gates& gates;
  Recorder& recorder;
  Control& control;
  std::string record_folder;  // empty: nothing is written to files
};

// A client's connection: reads requests and plays replies until either side ends it.
class Connection {
 public:
  // A `control_only` connection was made to the control port; it is not recorded.
  Connection(std::shared_ptr<Stream> stream, Services& services, bool control_only);

  // Serves the connection until it ends, in the calling thread.
  void run();
  // Makes run() return soon. Can be called from any thread.
  void abort() { stream_->abort(); }
  bool is_control() const { return is_control_; }

 private:
  bool greet();
  void serve();
  void serve_http2();
  bool answer(HttpRequest request, std::uint32_t http2_stream = 0);
  bool answer_control(const HttpRequest& request);
  bool refuse(const std::string& problem);
  void write_files(const Exchange& exchange) const;

  std::shared_ptr<Stream> stream_;
  Services& services_;
  std::atomic<bool> is_control_;
  std::uint64_t id_ = 0;
  Nanoseconds accepted_ns_;
  bool closed_by_server_ = false;
};

}  // namespace chatvim::standin
