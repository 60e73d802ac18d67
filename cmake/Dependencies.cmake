# SPDX-License-Identifier: Apache-2.0
# Libraries of the system. scripts/setup.sh installs missing ones.
find_package(Threads REQUIRED)
find_package(CURL 7.85 REQUIRED)

find_package(nlohmann_json 3.10 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(tomlplusplus QUIET)
if(NOT TARGET tomlplusplus::tomlplusplus)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
  add_library(tomlplusplus::tomlplusplus ALIAS PkgConfig::tomlplusplus)
endif()
find_package(utf8cpp REQUIRED)

# Debian 12 calls msgpack's C++ package `msgpack`, with the target `msgpackc-cxx`; later releases call it
# `msgpack-cxx`.
add_library(chatvim_msgpack INTERFACE)
target_compile_definitions(chatvim_msgpack INTERFACE MSGPACK_NO_BOOST)
find_package(msgpack-cxx QUIET)
if(TARGET msgpack-cxx)
  target_link_libraries(chatvim_msgpack INTERFACE msgpack-cxx)
else()
  find_package(msgpack REQUIRED)
  target_link_libraries(chatvim_msgpack INTERFACE msgpackc-cxx)
endif()

# Build-time library versions for `chatvim --version`, for use in bug reports. libcurl is missing here because it
# reports its own version.
set(CHATVIM_LIBRARIES "")
foreach(library nlohmann_json msgpack-cxx msgpack tomlplusplus yaml-cpp tl-expected fmt CLI11 utf8cpp)
  if(${library}_VERSION)
    list(APPEND CHATVIM_LIBRARIES "${library} ${${library}_VERSION}")
  endif()
endforeach()
list(JOIN CHATVIM_LIBRARIES ", " CHATVIM_LIBRARIES)
