// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "chatvim/error.hpp"
#include "chatvim/loop/duplex_process.hpp"

namespace chatvim::loop {

/// The child's ends of the pipes for its standard input, output and error.
struct ChildPipes {
  int input = -1;
  int output = -1;
  int error_output = -1;
};

/// Starts a child in a process group of its own, which the guard knows before anything of it is
/// executed. Returns its process id.
Result<pid_t> spawn(const ProcessOptions& options, const ChildPipes& pipes);

}  // namespace chatvim::loop
