# SPDX-License-Identifier: Apache-2.0
# Installs program, plugin and help where the shell and Neovim find them: $PREFIX/share/nvim/site is on Neovim's
# packpath.
install(TARGETS chatvim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# OPTIONAL: a build for another system cannot run the program that writes them. A packager can.
install(DIRECTORY ${CMAKE_BINARY_DIR}/share/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} OPTIONAL)
foreach(shell bash-completion zsh fish)
  install(DIRECTORY ${CMAKE_BINARY_DIR}/share/${shell} DESTINATION ${CMAKE_INSTALL_DATADIR} OPTIONAL)
endforeach()
set(plugin_dir ${CMAKE_INSTALL_DATADIR}/nvim/site/pack/chatvim/start/chatvim)
install(DIRECTORY plugin lua DESTINATION ${plugin_dir})
install(FILES doc/chatvim.txt DESTINATION ${plugin_dir}/doc)
# Generate the help tags if Neovim is available; otherwise the user can run `:helptags ALL`.
set(tags_nvim nvim)
if(CHATVIM_NVIM)
  set(tags_nvim ${CHATVIM_NVIM})
endif()
install(CODE "execute_process(COMMAND ${tags_nvim} --headless --clean
  -c \"helptags \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${plugin_dir}/doc\" -c quit OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE ignored)")
install(FILES LICENSE README.md CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
# The licenses of statically linked libraries must be distributed with the program.
if(CHATVIM_PORTABLE)
  install(FILES .deps/portable/licenses.txt DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME third-party-licenses.txt)
endif()
