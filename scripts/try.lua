-- SPDX-License-Identifier: Apache-2.0
-- `make try` without a terminal: answers the chat in the current buffer, writes the file and ends Neovim, with exit
-- code 1 and the reason on standard error if there is no whole answer.

-- Milliseconds; a model that thinks takes its time.
local LIMIT = 300000

---@type { outcome: string }?
local ended
---@type string?
local problem

vim.api.nvim_create_autocmd("User", {
  pattern = "ChatvimEnd",
  callback = function(event)
    ended = event.data
  end,
})

-- What cannot even begin is only told to the user, by an error message.
local notify = vim.notify
---@diagnostic disable-next-line: duplicate-set-field
vim.notify = function(message, level, opts)
  if level == vim.log.levels.ERROR then
    problem = message
  end
  return notify(message, level, opts)
end

local function fail(reason)
  io.stderr:write(("\nchatvim: error: %s\n"):format(reason))
  vim.cmd("cquit 1")
end

local started, err = pcall(vim.cmd, "ChatvimComplete")
if not started then
  fail(err)
end

vim.wait(LIMIT, function()
  return ended ~= nil or problem ~= nil
end, 10)

if not ended or ended.outcome ~= "done" then
  fail(problem or ("no answer within %d seconds"):format(LIMIT / 1000))
end
vim.cmd("silent write")
vim.cmd("qall!")
