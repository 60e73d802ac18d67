// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chatvim::loop {

/// Returns a descriptor that becomes readable when a child process ends (SIGCHLD). It is opened on
/// first use and shared: whoever watches it looks whether it was their own child.
int child_signal();

/// Makes the descriptor unreadable until the next child ends.
void clear_child_signal();

}  // namespace chatvim::loop
