// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/sink.hpp"

namespace chatvim::completion {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::kKey:
      return "key";
    case Phase::kConnecting:
      return "connecting";
    case Phase::kWaiting:
      return "waiting";
    case Phase::kThinking:
      return "thinking";
    case Phase::kWriting:
      return "writing";
    case Phase::kRetrying:
      return "retrying";
    case Phase::kStarting:
      return "starting";
    case Phase::kRunning:
      return "running";
    case Phase::kAsking:
      return "asking";
  }
  return "waiting";
}

std::string_view name_of(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kDone:
      return "done";
    case Outcome::Kind::kStopped:
      return "stopped";
    case Outcome::Kind::kError:
      return "error";
  }
  return "error";
}

}  // namespace chatvim::completion
