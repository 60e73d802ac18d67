-- SPDX-License-Identifier: Apache-2.0
-- Eight chats in one Neovim are answered, stopped, edited, undone and wiped at random. After every
-- step the text is compared with a model, and memory must not grow. A few hundred steps here,
-- SOAK_MINUTES in `make soak`.
local case = require("helpers.case")
local editing = require("helpers.editing")
local faults = require("helpers.faults")
local soak = require("helpers.soak")
local wait = require("helpers.wait")

local T = case.set()

local MINUTES = tonumber(vim.env.SOAK_MINUTES)
local STEPS = 300
local CHATS = 8
--- The permitted growth in MB after the first fifth of the run.
local MOST_GROWTH = { Neovim = 8, program = 4 }
--- Makes Neovim return freed memory that malloc keeps, if the C library can do that; it is not
--- growth. Markdown highlighting alone leaves about 10 MB of it.
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

--- Handles the end events since the last call.
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

--- The actions; those listed more often are chosen more often.
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

--- Makes one random step.
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
    -- The answer may have ended meanwhile; the next step handles that.
    local ok, err = pcall(each.check, each)
    if not ok and self:settle() == 0 then
      error(err, 0)
    end
  end
end

--- Stops and wipes everything, and returns the memory still in use.
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
