# SPDX-License-Identifier: Apache-2.0
# How the libraries are linked. With CHATVIM_PORTABLE, used for releases and packages, the program needs nothing but
# the C library from the system, so one binary runs on old and new systems alike. scripts/lib/portable.sh builds the
# static libraries. On macOS libcurl is part of the system and is used from there.
option(CHATVIM_PORTABLE "Link everything but the C library into the program" OFF)

# Adds an interface library with the include folders of a target, but without its link libraries.
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
  if(NOT APPLE)
    # FindCURL finds libcurl.a, but not the libraries that a static libcurl needs.
    set_target_properties(CURL::libcurl PROPERTIES IMPORTED_LINK_INTERFACE_LANGUAGES C)
    foreach(library nghttp2 ssl crypto z)
      find_library(CHATVIM_ARCHIVE_${library} NAMES lib${library}.a REQUIRED)
      target_link_libraries(CURL::libcurl INTERFACE ${CHATVIM_ARCHIVE_${library}})
    endforeach()
    target_link_libraries(CURL::libcurl INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
    # gold keeps one of equal functions, which saves some 2 %.
    add_link_options(-static-libstdc++ -static-libgcc -fuse-ld=gold -Wl,--icf=safe)
  endif()
endif()
