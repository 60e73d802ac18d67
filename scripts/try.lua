-- SPDX-License-Identifier: Apache-2.0
-- `make try` without a terminal: answers the chat in the current buffer, writes the file and quits
-- Neovim. If there is no complete answer, exits with code 1 and prints the reason to standard
-- error.

-- Milliseconds; allows for a model that reasons for a long time.
local LIMIT = 300000

local started = false
---@type { outcome: string }?
local ended
---@type string?
local problem

local function fail(reason)
  io.stderr:write(("\nchatvim: error: %s\n"):format(reason))
  vim.cmd("cquit 1")
end

local function watch()
  vim.api.nvim_create_autocmd("User", {
    pattern = "ChatvimStart",
    callback = function()
      started = true
    end,
  })
  vim.api.nvim_create_autocmd("User", {
    pattern = "ChatvimEnd",
    callback = function(event)
      ended = event.data
    end,
  })
  -- If the request cannot start, there is no event, only a notification.
  local notify = vim.notify
  ---@diagnostic disable-next-line: duplicate-set-field
  vim.notify = function(message, level, opts)
    if level == vim.log.levels.ERROR or (level == vim.log.levels.WARN and not started) then
      problem = message
    end
    return notify(message, level, opts)
  end
end

local function main()
  watch()
  local known, err = pcall(vim.cmd, "ChatvimComplete")
  if not known then
    return fail(err)
  end
  vim.wait(LIMIT, function()
    return ended ~= nil or problem ~= nil
  end, 10)
  if not ended or ended.outcome ~= "done" then
    return fail(problem or ("no answer within %d seconds"):format(LIMIT / 1000))
  end
  vim.cmd("silent write")
  vim.cmd("qall!")
end

-- Run after Neovim has finished starting up, when a user could act.
vim.schedule(main)
