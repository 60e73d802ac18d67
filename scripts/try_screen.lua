-- SPDX-License-Identifier: Apache-2.0
-- `make try` in a terminal: shows the chat as in the README's picture, with the most useful keys in
-- the status line.
vim.o.linebreak = true
vim.o.laststatus = 2
local keys = "cvc answers the chat%=u takes the answer back%=:ChatvimHelp%=:qa! leaves "
vim.o.statusline = " " .. (vim.g.mapleader or "\\") .. keys
require("chatvim").setup({ rules = true })
vim.cmd("normal! G$")
-- The hint disappears when the answer arrives.
local row = vim.api.nvim_win_get_cursor(0)[1] - 1
local hint = (vim.g.mapleader or "\\") .. "cvc answers this chat"
require("chatvim.view.below").show(0, row, 0, { { hint, "ChatvimUsage" } }, true)
