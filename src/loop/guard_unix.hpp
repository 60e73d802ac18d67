// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace chatvim::loop {

// The guard is a small process that ends the process groups of our long-running children when this
// program ends, in whatever way: nothing that runs in this program could do that after a SIGKILL.
// It learns of our end because a pipe to it closes, and then sends SIGTERM, and half a second later
// SIGKILL. It starts with the first child, and again if it was killed.

/// Starts the guard if it does not run. Returns the write end of its pipe, or -1 on failure.
int start_guard();

/// Adds the process group `group` to those that are ended. Async-signal-safe, so that a child can
/// add itself before it executes anything: there is no moment in which it is not guarded.
bool guard_group(int guard, pid_t group);

/// Remembers such a group in this process, in case the guard has to be started again.
void remember_group(pid_t group);

/// Removes a process group, which has ended.
void forget_group(pid_t group);

}  // namespace chatvim::loop
