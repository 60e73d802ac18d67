-- SPDX-License-Identifier: Apache-2.0
-- `make try` in a terminal: the chat as in the README's picture, with the keys to begin with in the
-- status line.
vim.o.linebreak = true
vim.o.laststatus = 2
local leader = vim.g.mapleader or "\\"
vim.o.statusline = (" %scvc answers the chat%%=u takes the answer back%%=:ChatvimHelp%%=:qa! leaves "):format(
  leader
)
require("chatvim").setup({ rules = true })
vim.cmd("normal! G$")
