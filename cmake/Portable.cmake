# SPDX-License-Identifier: Apache-2.0
# Which form of the libraries goes into the program. CHATVIM_PORTABLE, for packages: those whose names change from one
# release of a system to the next are part of the program, and so is the C++ library, so that it runs on systems older
# and newer than the one it was built on. libcurl and OpenSSL stay the system's: their security updates must reach it.
option(CHATVIM_PORTABLE "Link all but the C library, libcurl and what that needs into the program" OFF)

# The include folders of a target, without what it links.
function(chatvim_headers_of name target)
  add_library(${name} INTERFACE)
  target_include_directories(${name} SYSTEM INTERFACE
    $<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>)
endfunction()

set(CHATVIM_FMT fmt::fmt)
set(CHATVIM_TOML tomlplusplus::tomlplusplus)
set(CHATVIM_YAML yaml-cpp)
if(CHATVIM_PORTABLE)
  set(CHATVIM_FMT fmt::fmt-header-only)
  chatvim_headers_of(chatvim_toml_headers tomlplusplus::tomlplusplus)
  target_compile_definitions(chatvim_toml_headers INTERFACE TOML_HEADER_ONLY=1)
  set(CHATVIM_TOML chatvim_toml_headers)
  find_library(CHATVIM_YAML_ARCHIVE NAMES ${CMAKE_STATIC_LIBRARY_PREFIX}yaml-cpp${CMAKE_STATIC_LIBRARY_SUFFIX} REQUIRED)
  chatvim_headers_of(chatvim_yaml_archive yaml-cpp)
  target_compile_definitions(chatvim_yaml_archive INTERFACE YAML_CPP_STATIC_DEFINE)
  target_link_libraries(chatvim_yaml_archive INTERFACE ${CHATVIM_YAML_ARCHIVE})
  set(CHATVIM_YAML chatvim_yaml_archive)
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang" AND NOT APPLE)
    add_link_options(-static-libstdc++ -static-libgcc)
  endif()
endif()
