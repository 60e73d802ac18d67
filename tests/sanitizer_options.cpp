// SPDX-License-Identifier: Apache-2.0
// Part of the program and the tests in a sanitizer build. Sanitizer reports go to a file, because
// nobody sees the standard error and exit code of a program that Neovim has started.
#include <sanitizer/asan_interface.h>
#include <sanitizer/ubsan_interface.h>

namespace {

constexpr const char* kOptions = "log_path=" CHATVIM_SANITIZER_REPORTS "/report";

}  // namespace

extern "C" const char* __asan_default_options() { return kOptions; }
extern "C" const char* __ubsan_default_options() { return kOptions; }
