-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimApply: proposes the code blocks of an answer as changes of the files that they are about.
-- Nothing is written, and no buffer changes before the user accepts.
local M = {}

local api = vim.api
local notify = require("chatvim.notify")

--- A code block of an answer, with the fields of the protocol.
---@class chatvim.Block
---@field first integer row of the chat
---@field last integer exclusive
---@field kind "text"|"diff"|"whole"
---@field path string "" if unknown
---@field path_from ""|"info"|"label"|"diff"|"quote"|"tool"
---@field language string
---@field lines string joined with line breaks
---@field quoted? string|userdata the lines of the file that the user quoted; may be `vim.NIL`

--- One run of :ChatvimApply.
---@class chatvim.ApplyRun
---@field chat integer
---@field folders string[] the chat's folder and the working folder
---@field all boolean with `!`
---@field mods vim.api.keyset.cmd_mods
---@field decided table<string, string|false> by the path as written; false: the user declined
---@field targets chatvim.ApplyTarget[] in the order in which they are shown
---@field failures string[] what was not applied, and why
---@field notes string[] what the user should know

--- A file with the blocks that are about it.
---@class chatvim.ApplyTarget
---@field path string absolute
---@field blocks chatvim.Block[]
---@field opened? chatvim.ApplyFile
---@field accepted? boolean a change was accepted

--- Calls `step` for each item, one after the other, and then `done`.
---@generic T
---@param list T[]
---@param step fun(item: T, next: fun())
---@param done fun()
local function each(list, step, done)
  local function go(index)
    if index > #list then
      return done()
    end
    step(list[index], function()
      go(index + 1)
    end)
  end
  go(1)
end

--- Returns why the blocks at a row cannot be applied yet: the last answer is being written.
---@param buf integer
---@param row integer
---@return string?
local function being_written(buf, row)
  if not require("chatvim.chat.running").is_running(buf) then
    return
  end
  local answers = vim.tbl_filter(function(message)
    return message.role == "assistant"
  end, require("chatvim.chat.outline").messages(buf))
  local before = answers[#answers - 1]
  if not before or row > before.last then
    return "this answer is still being written: apply its code when it has ended"
  end
end

--- Returns how many places of the chat the blocks have. A diff of several files counts once.
---@param blocks chatvim.Block[]
---@return integer
local function count_places(blocks)
  local places = {}
  for _, block in ipairs(blocks) do
    places[block.first] = true
  end
  return vim.tbl_count(places)
end

--- Returns the blocks at the cursor, or those of the only place that there is.
---@param blocks chatvim.Block[]
---@param row integer
---@return chatvim.Block[]? chosen
---@return string? err
local function choose(blocks, row)
  local here = vim.tbl_filter(function(block)
    return block.first <= row and row < block.last
  end, blocks)
  if #here > 0 then
    return here
  elseif count_places(blocks) == 1 then
    return blocks
  end
  local text = "put the cursor on one of the %d code blocks, or use `:ChatvimApply!`"
  return nil, text:format(count_places(blocks))
end

---@param run chatvim.ApplyRun
---@param block chatvim.Block
---@param path string
local function add(run, block, path)
  for _, target in ipairs(run.targets) do
    if target.path == path then
      table.insert(target.blocks, block)
      return
    end
  end
  table.insert(run.targets, { path = path, blocks = { block } })
end

--- Finds the file of each block.
---@param run chatvim.ApplyRun
---@param blocks chatvim.Block[]
---@param done fun()
local function find_targets(run, blocks, done)
  local unnamed = 0
  each(blocks, function(block, next)
    if block.path == "" and run.all then
      unnamed = unnamed + 1
      return next()
    end
    require("chatvim.command.apply.target").find(run, block, function(path, err)
      if path then
        add(run, block, path)
      elseif err then
        table.insert(run.failures, err)
      end
      next()
    end)
  end, function()
    if unnamed > 0 then
      local text = unnamed == 1 and "1 block names no file" or "%d blocks name no file"
      table.insert(run.failures, text:format(unnamed) .. ": use `:ChatvimApply` on it")
    end
    done()
  end)
end

--- Opens a review for each file.
---@param run chatvim.ApplyRun
---@param done fun()
local function propose(run, done)
  each(run.targets, function(target, next)
    require("chatvim.command.apply.propose").run(run, target, next)
  end, done)
end

--- Reports what was not applied, and what to know about the rest.
---@param run chatvim.ApplyRun
local function report(run)
  local parts = vim.list_extend(vim.list_slice(run.failures), run.notes)
  if #parts > 0 then
    notify.show(table.concat(parts, "; "), #run.failures > 0 and "warn" or "info")
  end
end

---@param run chatvim.ApplyRun
---@param blocks chatvim.Block[]
local function apply(run, blocks)
  find_targets(run, blocks, function()
    propose(run, function()
      require("chatvim.command.apply.show").start(run)
      report(run)
    end)
  end)
end

--- Returns the chat's folder and the working folder.
---@param buf integer
---@return string[]
local function folders(buf)
  local name = api.nvim_buf_get_name(buf)
  local working = vim.fn.getcwd()
  return { name ~= "" and vim.fs.dirname(name) or working, working }
end

--- Applies the block at the cursor, or all blocks of the answer at the cursor. Shows why if it
--- cannot.
---@param all boolean
---@param mods vim.api.keyset.cmd_mods
function M.run(all, mods)
  local buf, row = api.nvim_get_current_buf(), api.nvim_win_get_cursor(0)[1] - 1
  local refusal = require("chatvim.command.window").refusal() or being_written(buf, row)
  if refusal then
    notify.show(refusal, "warn")
    return
  end
  ---@type chatvim.ApplyRun
  local run = {
    chat = buf,
    folders = folders(buf),
    all = all,
    mods = mods,
    decided = {},
    targets = {},
    failures = {},
    notes = {},
  }
  require("chatvim.program.query").ask("blocks", buf, function(err, value)
    local blocks = value and value.blocks
    if blocks and not all then
      blocks, err = choose(blocks, row)
    end
    if not blocks then
      return notify.show(err --[[@as string]], "warn")
    end
    run.all = all and count_places(blocks) > 1
    apply(run, blocks)
  end, { row = row })
end

return M
