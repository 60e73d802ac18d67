# SPDX-License-Identifier: Apache-2.0
# Compiler and linker flags that make memory errors in our C++ code hard to exploit. They apply to the optimized
# configurations, which users run. Sanitizer builds do without: sanitizers check more and conflict with these flags.
# tests/program/hardening_test.cpp checks the resulting binary.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)

add_library(chatvim_hardening INTERFACE)
set(CHATVIM_HARDENED OFF)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize" OR NOT CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
  return()
endif()
set(CHATVIM_HARDENED ON)

# Static libraries too, since they are linked into the program.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
check_pie_supported(LANGUAGES CXX)

# Adds the flags that the compiler supports for this processor.
foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
  string(MAKE_C_IDENTIFIER "CHATVIM_HAS${flag}" has_flag)
  check_cxx_compiler_flag(${flag} ${has_flag})
  if(${has_flag})
    target_compile_options(chatvim_hardening INTERFACE ${flag})
  endif()
endforeach()

# Level 3 also checks sizes that are only known at run time; if the C library or the compiler lacks it, use 2.
# Undefine any level set by the compiler or a packager first, or redefining it would warn in every file.
set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
check_cxx_source_compiles("
#include <cstdlib>
#if !defined(__USE_FORTIFY_LEVEL) || __USE_FORTIFY_LEVEL < 3
#error
#endif
int main() {}" CHATVIM_HAS_FORTIFY_3)
unset(CMAKE_REQUIRED_FLAGS)
target_compile_options(chatvim_hardening INTERFACE -U_FORTIFY_SOURCE
  -D_FORTIFY_SOURCE=$<IF:$<BOOL:${CHATVIM_HAS_FORTIFY_3}>,3,2>)

# Flags for linkers of ELF systems. macOS has position independence and a read-only stack by default.
foreach(flag -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
  string(MAKE_C_IDENTIFIER "CHATVIM_HAS${flag}" has_flag)
  check_linker_flag(CXX ${flag} ${has_flag})
  if(${has_flag})
    target_link_options(chatvim_hardening INTERFACE ${flag})
  endif()
endforeach()
