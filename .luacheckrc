-- SPDX-License-Identifier: Apache-2.0
std = "luajit"
cache = false
max_line_length = 100
-- `vim` is Neovim's; its option tables (vim.o, vim.bo[…], vim.g) are written to.
globals = { "vim" }
files["tests/nvim"] = { globals = { "vim", "MiniTest" } }
files["tests/clients"] = { globals = { "vim", "MiniTest" } }
exclude_files = { ".deps", "build" }
