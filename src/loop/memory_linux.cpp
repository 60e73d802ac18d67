// SPDX-License-Identifier: Apache-2.0
#include "chatvim/loop/system.hpp"

#if defined(__linux__)

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>

namespace chatvim::loop {

namespace {

/// Files whose code every request uses: to map their pages again would cost the next one a
/// millisecond.
constexpr std::array<const char*, 4> kAlwaysUsed{"/libc.so", "/libstdc++", "/libcurl", "/chatvim"};

bool is_always_used(const char* mapping) {
  return std::any_of(kAlwaysUsed.begin(), kAlwaysUsed.end(),
                     [mapping](const char* name) { return std::strstr(mapping, name) != nullptr; });
}

/// Takes the pages of executable mappings of files out of the process; what is used again is mapped
/// again from the page cache. Start-up touches megabytes of them in libcurl's forty libraries and
/// needs few of them ever after. Only code: it is never written to, so nothing is lost.
void drop_code_pages() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> maps(std::fopen("/proc/self/maps", "re"),
                                                             &std::fclose);
  if (!maps) return;
  char line[4096];
  while (std::fgets(line, sizeof line, maps.get())) {
    std::uintptr_t start = 0;
    std::uintptr_t end = 0;
    char mode[5] = {};
    if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &start, &end, mode) != 3) continue;
    if (std::strcmp(mode, "r-xp") != 0 || !std::strchr(line, '/') || is_always_used(line)) continue;
    madvise(reinterpret_cast<void*>(start), end - start, MADV_DONTNEED);
  }
}

}  // namespace

void give_back_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  drop_code_pages();
}

}  // namespace chatvim::loop

#else

namespace chatvim::loop {

void give_back_memory() {}

}  // namespace chatvim::loop

#endif
