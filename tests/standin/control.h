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

// Where the paths of the control interface begin.
inline constexpr std::string_view kControlPrefix = "/_standin/";

// An answer of the control interface.
struct ControlReply {
  int status = 200;
  std::string body;
  std::string type = "application/json";
};

// The interface by which tests load scripts, release replies and read the records; see README.md.
// Safe for all threads; the objects given must outlive it.
class Control {
 public:
  // `drop_connections` ends all connections but those of the control interface.
  Control(Playlist& playlist, Gates& gates, Recorder& recorder,
          std::function<void()> drop_connections);

  // Answers one request; it may wait, if the request says so.
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
