// SPDX-License-Identifier: Apache-2.0
// Functions and variables that GCC 12's C++ library needs from the C library and that glibc 2.31
// lacks. scripts/lib/portable.sh adds them to the static C++ library that releases are linked with.
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

// Since glibc 2.32. Setting it to true would only save atomic operations.
char __libc_single_threaded = 0;

// Since glibc 2.36; used by std::random_device.
uint32_t arc4random(void) {
  uint32_t number = 0;
  if (getentropy(&number, sizeof number) != 0) abort();
  return number;
}
