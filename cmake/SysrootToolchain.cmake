# SPDX-License-Identifier: Apache-2.0
# Toolchain for programs that must run on systems older than the build system. It uses this system's clang, but takes
# headers, the C library and the C++ library only from the folder CHATVIM_SYSROOT, which scripts/lib/portable.sh
# fills.
set(CHATVIM_SYSROOT "" CACHE PATH "Root folder that headers and libraries come from")
if(NOT EXISTS ${CHATVIM_SYSROOT}/usr/include)
  message(FATAL_ERROR "CHATVIM_SYSROOT (${CHATVIM_SYSROOT}) is not a root folder; `make package` prepares it.")
endif()
# CMake's compiler checks read this file too, in a separate project that needs the variable.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CHATVIM_SYSROOT)

set(CMAKE_SYSROOT ${CHATVIM_SYSROOT})
set(CMAKE_C_COMPILER clang)
set(CMAKE_CXX_COMPILER clang++)

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(ENV{PKG_CONFIG_LIBDIR} "${CHATVIM_SYSROOT}/usr/share/pkgconfig")

# Lets the linker drop unused code, which includes most of OpenSSL.
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_INIT "-ffunction-sections -fdata-sections")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static-libgcc -Wl,--gc-sections -Wl,--as-needed -Wl,-O1")
