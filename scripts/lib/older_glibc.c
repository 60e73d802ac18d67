// SPDX-License-Identifier: Apache-2.0
// What GCC 12's C++ library takes from the C library and glibc 2.31 does not have. scripts/lib/portable.sh adds it to
// the static C++ library that releases are linked with.
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

// glibc 2.32. True would only spare atomic operations.
char __libc_single_threaded = 0;

// glibc 2.36; for std::random_device.
uint32_t arc4random(void) {
  uint32_t number = 0;
  if (getentropy(&number, sizeof number) != 0) abort();
  return number;
}
