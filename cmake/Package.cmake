# SPDX-License-Identifier: Apache-2.0
# `make package`: chatvim_VERSION_ARCHITECTURE.deb, and a .tar.gz that works wherever it is unpacked
# (scripts/package.sh).
set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_NAME chatvim)
set(CPACK_PACKAGE_VENDOR "The Chatvim authors")
set(CPACK_PACKAGE_CONTACT "The Chatvim authors <noreply@chatvim.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_FILE_NAME ${CMAKE_PROJECT_NAME}-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
  WORLD_READ WORLD_EXECUTE)

find_program(CHATVIM_DPKG dpkg)
if(CHATVIM_DPKG)
  list(APPEND CPACK_GENERATOR DEB)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  # Take the glibc version promised in the README, which scripts/package.sh checks against the program. dpkg-shlibdeps
  # would use the version of the build system.
  file(READ ${CMAKE_SOURCE_DIR}/README.md readme)
  string(REGEX MATCH "glibc ([0-9]+\\.[0-9]+)" promise "${readme}")
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, libc6 (>= ${CMAKE_MATCH_1})")
  # Only recommended: the command line tool is useful alone, and Neovim may be installed by other means.
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "neovim (>= 0.10)")
  set(CPACK_DEBIAN_PACKAGE_SECTION editors)
  set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "A plain markdown file is the chat with a language model: Chatvim reads it, makes
 the request and writes the answer into it while it comes. For Neovim, with a command line tool.")
endif()
include(CPack)
