-- SPDX-License-Identifier: Apache-2.0
-- Eight chats in one Neovim, asked, stopped, edited, undone and wiped at random: the text is held
-- against a model after every step, and memory does not grow. A few hundred steps here; in
-- `make soak` it is SOAK_MINUTES.
local case = require("helpers.case")
local editing = require("helpers.editing")
local faults = require("helpers.faults")
local soak = require("helpers.soak")
local wait = require("helpers.wait")

local T = case.set()

local MINUTES = tonumber(vim.env.SOAK_MINUTES)
local STEPS = 300
local CHATS = 8
--- MB that each may have grown by since the first fifth.
local MOST_GROWTH = { Neovim = 8, program = 4 }
--- What was freed and malloc keeps for later is not what grows: Neovim gives it back first, where
--- the C library can. Its highlighting of markdown alone leaves 10 MB of that, more or less.
local TRIM = [[
  collectgarbage("collect")
  collectgarbage("collect")
  local has_ffi, ffi = pcall(require, "ffi")
  if has_ffi then
    pcall(ffi.cdef, "int malloc_trim(size_t)")
    pcall(function()
      ffi.C.malloc_trim(0)
    end)
  end
]]

---@class tests.Soak
---@field child tests.Child
---@field chats tests.SoakChat[]
---@field random fun(low: integer, high: integer): integer
---@field ends integer answers that have ended
---@field steps integer
local Soak = {}
Soak.__index = Soak

--- Takes the ends that were told since the last time.
function Soak:settle()
  local list = self.child:lua([[
    local list = _G.seen.ChatvimEnd
    _G.seen.ChatvimEnd, _G.seen.ChatvimStart = {}, {}
    return list
  ]])
  for _, data in ipairs(list) do
    self.ends = self.ends + 1
    self.outcomes[data.outcome] = (self.outcomes[data.outcome] or 0) + 1
    for _, chat in ipairs(self.chats) do
      if chat.buf == data.buf and chat.truth then
        chat:ended(data.outcome)
      end
    end
  end
  return #list
end

function Soak:renew(index)
  self.chats[index]:wipe()
  self:settle()
  self.chats[index] = soak.chat(self.child, self.random)
end

--- What may happen to a chat; the more often it stands here, the more often it does.
local ACTIONS = {
  "send",
  "send",
  "send",
  "send",
  "stop",
  "edit",
  "edit",
  "undo",
  "look",
  "look",
  "write",
  "wait",
} -- stylua: ignore

--- One step at random.
function Soak:step()
  local index = self.random(1, #self.chats)
  local chat = self.chats[index]
  local action = self.random(1, 60) == 1 and "wipe" or ACTIONS[self.random(1, #ACTIONS)]
  self.last = { self.steps, index, action }
  if action == "wipe" then
    self:renew(index)
  elseif action == "send" then
    if not chat.truth then
      chat:send()
    end
  elseif action == "look" then
    local how = ({ "buffer", "sbuffer", "vertical sbuffer" })[self.random(1, 3)]
    self.child:command("only | " .. how .. " " .. chat.buf)
  elseif action == "write" then
    self.child:lua("vim.api.nvim_buf_call(..., function() vim.cmd('silent write') end)", chat.buf)
  elseif action == "wait" then
    vim.wait(50, function()
      return self:settle() > 0
    end, 5)
  else
    chat[action](chat)
  end
  self:settle()
  for _, each in ipairs(self.chats) do
    -- An end that comes between is told at the next step.
    local ok, err = pcall(each.check, each)
    if not ok and self:settle() == 0 then
      error(err, 0)
    end
  end
end

--- Stops and wipes everything, and gives the memory that is still taken.
function Soak:memory()
  self.child:command("ChatvimStop!")
  wait.until_true("the end of every answer", function()
    self:settle()
    for _, chat in ipairs(self.chats) do
      if chat.truth then
        return false
      end
    end
    return true
  end)
  for index in ipairs(self.chats) do
    self:renew(index)
  end
  self.child:command("messages clear")
  self.child:lua(TRIM)
  return {
    Neovim = faults.memory(self.child.pid),
    program = faults.memory(self.child:program_pid()),
  }
end

T["eight chats, stopped, edited, wiped and undone at random, keep their text"] = function()
  local seed = faults.seed("soak", MINUTES ~= nil)
  local self = setmetatable({ chats = {}, ends = 0, steps = 0, outcomes = {} }, Soak)
  self.child, self.random = case.child(), editing.random(seed)
  case.standin:script({})
  for index = 1, CHATS do
    self.chats[index] = soak.chat(self.child, self.random)
  end
  self.chats[1]:send()
  local start, limit, warm = vim.uv.hrtime(), (MINUTES or 0) * 60e9, nil
  local function part()
    return MINUTES and (vim.uv.hrtime() - start) / limit or self.steps / STEPS
  end
  while part() < 1 do
    self.steps = self.steps + 1
    local ok, err = pcall(self.step, self)
    if not ok then
      error(("SOAK_SEED=%d, step %s: %s"):format(seed, vim.inspect(self.last), err))
    end
    if not warm and part() >= 0.2 then
      warm = self:memory()
    end
  end
  local now = self:memory()
  io.stdout:write(
    ("soak: %d steps, %d answers %s; Neovim %.1f MB after a fifth and %.1f MB at the end, "):format(
      self.steps,
      self.ends,
      vim.inspect(self.outcomes, { newline = "", indent = "" }),
      warm.Neovim,
      now.Neovim
    ),
    ("the program %.1f MB and %.1f MB\n"):format(warm.program, now.program)
  )
  for name, most in pairs(MINUTES and MOST_GROWTH or {}) do
    if now[name] > warm[name] + most then
      error(("%s has grown from %.1f to %.1f MB"):format(name, warm[name], now[name]))
    end
  end
  self.child:stop()
  wait.until_true("the end of every process", function()
    return #faults.processes(self.child.home) == 0
  end)
end

return T
