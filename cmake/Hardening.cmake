# SPDX-License-Identifier: Apache-2.0
# What makes a mistake of ours in C++ hard to exploit, for what users run: the optimized configurations. A sanitizer
# does more, and does not get on with it. tests/program/hardening_test.cpp looks at the binary.
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

# The static libraries too, since their code ends in the program.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
check_pie_supported(LANGUAGES CXX)

# Adds those of the flags that the compiler knows for this processor.
foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
  string(MAKE_C_IDENTIFIER "CHATVIM_HAS${flag}" has_flag)
  check_cxx_compiler_flag(${flag} ${has_flag})
  if(${has_flag})
    target_compile_options(chatvim_hardening INTERFACE ${flag})
  endif()
endforeach()

# Level 3 checks sizes that are known at run time only; a C library or compiler that lacks it takes 2. A level that the
# compiler or a packager has set before goes first, or its redefinition would be a warning in each file.
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

# What the linker of ELF systems knows; macOS has position independence and a read-only stack of its own accord.
foreach(flag -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
  string(MAKE_C_IDENTIFIER "CHATVIM_HAS${flag}" has_flag)
  check_linker_flag(CXX ${flag} ${has_flag})
  if(${has_flag})
    target_link_options(chatvim_hardening INTERFACE ${flag})
  endif()
endforeach()
