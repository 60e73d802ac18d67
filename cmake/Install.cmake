# SPDX-License-Identifier: Apache-2.0
# Program, plugin and help where Neovim and the shell find them: $PREFIX/share/nvim/site is on Neovim's packpath.
install(TARGETS chatvim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
set(plugin_dir ${CMAKE_INSTALL_DATADIR}/nvim/site/pack/chatvim/start/chatvim)
install(DIRECTORY plugin lua DESTINATION ${plugin_dir})
install(FILES doc/chatvim.txt DESTINATION ${plugin_dir}/doc)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
