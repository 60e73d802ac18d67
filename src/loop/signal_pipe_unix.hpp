// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chatvim::loop {

/// Returns a descriptor that becomes readable after each signal of this number, or -1 if that is
/// impossible. Installs a handler at the first call, which stays; `flags` are those of sigaction().
/// To be called from the loop's thread.
int signal_pipe(int number, int flags);

/// Reads what has arrived there.
void clear_signal_pipe(int descriptor);

}  // namespace chatvim::loop
