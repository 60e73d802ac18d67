// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "gates.h"
#include "recorder.h"
#include "script.h"
#include "stream.h"

namespace chatvim::standin {

// Plays one reply to one request, and records what it does. It lives in the connection's thread.
class Player {
 public:
  Player(Stream& stream, Gates& gates, Recorder& recorder, Exchange& exchange, const Reply& reply)
      : stream_(stream), gates_(gates), recorder_(recorder), exchange_(exchange), reply_(reply) {}

  // Returns whether the connection can take another request; if not, it is closed.
  bool play();

 private:
  bool run(const SendStep& step);
  bool run(const DeltasStep& step);
  bool run(const FinishStep& step);
  bool run(const PauseStep& step);
  bool run(const WaitStep& step);
  bool run(const CloseStep& step);
  bool run(const HangStep& step);
  bool run(const HeadStep& step);

  bool run_steps();
  bool run_paced(const DeltasStep& step);
  bool send_head();
  bool send_framed(std::string_view data, bool last);
  bool send_bytes(std::string_view data);
  bool finish_whole();
  bool gone();
  void begin_record(std::string_view kind);
  void end(std::string_view how);
  bool client_keeps_alive() const { return exchange_.request.keeps_alive(); }
  bool closes_after() const;
  std::size_t content_length() const;
  std::string finish_bytes(const FinishStep& step, std::size_t deltas) const;

  Stream& stream_;
  Gates& gates_;
  Recorder& recorder_;
  Exchange& exchange_;
  const Reply& reply_;
  std::size_t step_ = 0;     // the step that is being played
  std::size_t deltas_ = 0;   // sent so far
  bool terminated_ = false;  // the last chunk of a chunked body has been sent
};

}  // namespace chatvim::standin
