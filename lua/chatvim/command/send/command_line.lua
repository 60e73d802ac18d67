-- SPDX-License-Identifier: Apache-2.0
-- The command line of :ChatvimSend: where it ends, and what completes it.
local M = {}

--- Splits what follows :ChatvimSend at the first bar, which ends it as it ends any other command,
--- and at a comment. In a shell command both belong to the shell.
---@param args string
---@return string own
---@return string next the next command, or ""
local function split_at_bar(args)
  if args:find("^%a*%s*!") then
    return args, ""
  end
  local own, sign, rest = args:match('^([^|"]*)([|"]?)(.*)$')
  return own, sign == "|" and vim.trim(rest) or ""
end

--- Runs :ChatvimSend. It is registered without "bar", so that a shell command may hold pipes.
---@param arguments vim.api.keyset.create_user_command.command_args
function M.run(arguments)
  local next
  arguments.args, next = split_at_bar(arguments.args)
  require("chatvim.command.send").run(arguments)
  if next ~= "" then
    vim.cmd(next)
  end
end

--- Completes the name of a program or of a file of a shell command.
---@param lead string
---@param before string[]
---@return string[]
local function complete_shell(lead, before)
  local line = table.concat(vim.list_extend(vim.list_slice(before), { lead }), " ")
  local sign = vim.startswith(lead, "!") and "!" or ""
  return vim.tbl_map(function(word)
    return sign .. word
  end, vim.fn.getcompletion(line, "cmdline"))
end

--- Completes `lead` after the words `before`.
---@param lead string
---@param before string[]
---@return string[]
function M.complete(lead, before)
  local directions = require("chatvim.command.window").directions
  local words = vim.list_slice(before)
  local names = vim.list_slice(require("chatvim.command.send").sources)
  if vim.list_contains(directions, words[1]) then
    table.remove(words, 1)
  else
    names = vim.list_extend(vim.list_slice(directions), names)
  end
  if vim.startswith(words[1] or lead, "!") then
    return complete_shell(lead, words)
  end
  return vim.tbl_filter(function(name)
    return #words == 0 and vim.startswith(name, lead)
  end, names)
end

return M
