// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gates.h"
#include "http.h"
#include "playlist.h"
#include "recorder.h"

namespace chatvim::standin {

// The path prefix of the control interface.
inline constexpr std::string_view kControlPrefix = "/_standin/";

// A reply of the control interface.
struct ControlReply {
  int status = 200;
  std::string body;
  std::string type = "application/json";
};

// The interface for tests: loads scripts, releases replies and returns records; see README.md.
// Thread-safe; the objects passed in must outlive it.
class Control {
 public:
  // `drop_connections` ends all connections except those of the control interface.
  Control(Playlist& playlist, Gates& gates, Recorder& recorder,
          std::function<void()> drop_connections);

  // Answers a request; waits if the request asks for it.
  ControlReply handle(const HttpRequest& request);

 private:
  ControlReply load(const HttpRequest& request);
  ControlReply show(const HttpRequest& request);
  ControlReply show_body(std::string_view id);
  ControlReply release(const HttpRequest& request);
  ControlReply reset(const HttpRequest& request);

  Playlist& playlist_;
  Gates& gates_;
  Recorder& recorder_;
  std::function<void()> drop_connections_;
};

}  // namespace chatvim::standin
