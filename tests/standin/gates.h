// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "stream.h"

namespace chatvim::standin {

// The named gates at which replies wait until a test releases them. Thread-safe.
class Gates {
 public:
  // Waits at the gate until it is released (true) or the client closes `stream` (false).
  bool pass(const std::string& name, Stream& stream);
  // Releases all replies that wait at the gate, or the next one to arrive if there is none. With
  // `open` the gate stays open.
  void release(const std::string& name, bool open);
  // Forgets releases and open gates; waiting replies keep waiting.
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
