// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "stream.h"

namespace chatvim::standin {

// The named places where replies stand until a test releases them. Safe for all threads.
class Gates {
 public:
  // Stands at the gate until it is released (true) or the client closes `stream` (false).
  bool pass(const std::string& name, Stream& stream);
  // Lets everything go on that stands at the gate; if nothing does, the next that comes goes
  // through. `open` leaves the gate open for good.
  void release(const std::string& name, bool open);
  // Forgets what was opened or released in advance; what stands at a gate stays there.
  void reset();

 private:
  struct Gate {
    bool open = false;
    bool released_ahead = false;
    std::vector<int> wake_fds;
  };

  bool try_pass(Gate& gate);

  std::mutex mutex_;
  std::map<std::string, Gate> gates_;
};

}  // namespace chatvim::standin
