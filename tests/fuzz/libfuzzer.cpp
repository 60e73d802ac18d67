// SPDX-License-Identifier: Apache-2.0
// The fuzzer: libFuzzer feeds the target named in FUZZ_TARGET
// (https://llvm.org/docs/LibFuzzer.html).
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "targets.hpp"

namespace {

const chatvim::fuzz::Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  const char* name = std::getenv("FUZZ_TARGET");
  chosen = chatvim::fuzz::find_target(name == nullptr ? "" : name);
  if (chosen != nullptr) return 0;
  std::fputs("Set FUZZ_TARGET to one of:\n", stderr);
  for (const auto& target : chatvim::fuzz::targets()) {
    std::fprintf(stderr, "  %s\n", target.name.data());
  }
  std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
