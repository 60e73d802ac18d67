// SPDX-License-Identifier: Apache-2.0
#include "gates.h"

#include <unistd.h>

namespace chatvim::standin {

bool Gates::pass(const std::string& name, Stream& stream) {
  int ends[2] = {-1, -1};
  {
    const std::lock_guard lock(mutex_);
    if (try_pass(gates_[name]) || pipe(ends) != 0) return true;
    gates_[name].wake_fds.push_back(ends[1]);
  }
  const bool released = stream.wait(kNever, ends[0]) == Stream::Wait::kWoken;
  {
    const std::lock_guard lock(mutex_);
    std::erase(gates_[name].wake_fds, ends[1]);
  }
  ::close(ends[0]);
  ::close(ends[1]);
  return released;
}

void Gates::release(const std::string& name, bool open) {
  const std::lock_guard lock(mutex_);
  Gate& gate = gates_[name];
  if (open) gate.open = true;
  if (gate.wake_fds.empty()) gate.released_ahead = true;
  for (const int fd : gate.wake_fds) {
    const char byte = 0;
    // An empty pipe accepts one byte; a pipe that is not empty has already woken its reader.
    [[maybe_unused]] const ssize_t written = ::write(fd, &byte, 1);
  }
  gate.wake_fds.clear();
}

void Gates::reset() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, gate] : gates_) gate.open = gate.released_ahead = false;
}

bool Gates::try_pass(Gate& gate) {
  if (gate.open) return true;
  const bool pass = gate.released_ahead;
  gate.released_ahead = false;
  return pass;
}

}  // namespace chatvim::standin
