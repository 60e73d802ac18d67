-- SPDX-License-Identifier: Apache-2.0
-- The keys of a review. In a window that shows differences, Vim's own keys keep their meaning.
local M = {}

--- An action, and Vim's own keys with a similar meaning in 'diff' mode.
---@type table<string, { run: string, vim: string }>
local ACTIONS = {
  accept = { run = "<Cmd>ChatvimAccept<CR>", vim = "do" },
  refuse = { run = "<Cmd>ChatvimRefuse<CR>", vim = "dp" },
  ["accept-all"] = { run = "<Cmd>ChatvimAccept!<CR>", vim = "dO" },
  ["refuse-all"] = { run = "<Cmd>ChatvimRefuse!<CR>", vim = "dP" },
  next = { run = "<Cmd>lua require('chatvim.review').go(0, 1, vim.v.count1)<CR>", vim = "]c" },
  previous = { run = "<Cmd>lua require('chatvim.review').go(0, -1, vim.v.count1)<CR>", vim = "[c" },
}

--- Returns the keys that do an action, for an `<expr>` map.
---@param name string
---@return string
function M.keys(name)
  local action = ACTIONS[name]
  return vim.api.nvim_replace_termcodes(vim.wo.diff and action.vim or action.run, true, true, true)
end

return M
