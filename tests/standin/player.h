// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gates.h"
#include "recorder.h"
#include "script.h"
#include "stream.h"

namespace chatvim::standin {

// Plays a reply to a request and records its progress. Used only in the connection's thread.
class Player {
 public:
  // `http2_stream` is the HTTP/2 stream to answer on; 0 with HTTP/1.1.
  Player(Stream& stream, Gates& gates, Recorder& recorder, Exchange& exchange, const Reply& reply,
         std::uint32_t http2_stream)
      : stream_(stream),
        gates_(gates),
        recorder_(recorder),
        exchange_(exchange),
        reply_(reply),
        http2_stream_(http2_stream) {}

  // Returns whether the connection can take another request; otherwise it has been closed.
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
  bool send_once(const SendStep& step, bool last_time);
  bool stand_still(Nanoseconds duration);
  bool run_paced(const DeltasStep& step);
  bool send_head();
  bool send_framed(std::string_view data, bool last);
  bool send_bytes(std::string_view data);
  bool finish_whole();
  bool gone();
  void begin_record(std::string_view kind);
  void end(std::string_view how);
  bool is_http2() const { return http2_stream_ != 0; }
  std::string head() const;
  bool send_last();
  bool client_keeps_alive() const { return exchange_.request.keeps_alive(); }
  bool closes_after() const;
  std::size_t content_length() const;
  std::string finish_bytes(const FinishStep& step, std::size_t deltas) const;

  Stream& stream_;
  Gates& gates_;
  Recorder& recorder_;
  Exchange& exchange_;
  const Reply& reply_;
  std::uint32_t http2_stream_;
  std::size_t step_ = 0;            // the current step
  std::size_t deltas_ = 0;          // sent so far
  bool terminated_ = false;         // the end of the body has been sent
  bool only_stream_reset_ = false;  // the HTTP/2 connection stays open
};

}  // namespace chatvim::standin
