# SPDX-License-Identifier: Apache-2.0
# A toolchain for programs that run on systems older than this one: the compiler is this system's clang; headers, the C
# library and the C++ library come from the folder CHATVIM_SYSROOT and nowhere else. scripts/lib/portable.sh fills that
# folder.
set(CHATVIM_SYSROOT "" CACHE PATH "Root folder that headers and libraries come from")
if(NOT EXISTS ${CHATVIM_SYSROOT}/usr/include)
  message(FATAL_ERROR "CHATVIM_SYSROOT (${CHATVIM_SYSROOT}) is not a root folder; `make package` prepares it.")
endif()
# CMake's own compiler checks read this file too and need the variable.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CHATVIM_SYSROOT)

set(CMAKE_SYSROOT ${CHATVIM_SYSROOT})
set(CMAKE_C_COMPILER clang)
set(CMAKE_CXX_COMPILER clang++)

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(ENV{PKG_CONFIG_LIBDIR} "${CHATVIM_SYSROOT}/usr/share/pkgconfig")

# With these the linker leaves out what is not used: most of OpenSSL.
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_INIT "-ffunction-sections -fdata-sections")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static-libgcc -Wl,--gc-sections -Wl,--as-needed -Wl,-O1")
