-- SPDX-License-Identifier: Apache-2.0
-- One chat of a long run, with a model of its text: the exact text, followed during an answer by
-- some beginning of that answer.
local case = require("helpers.case")

local M = {}

local BEFORE, AFTER = "\n\n# === ASSISTANT ===\n\n", "\n\n# === USER ===\n\n"
--- The number of lines of the front matter.
local FRONT = 3

---@class tests.SoakChat
---@field child tests.Child
---@field random fun(low: integer, high: integer): integer
---@field buf integer
---@field known string the text without a running answer
---@field truth? string the complete text of the running answer
---@field fails? boolean the server ends the answer with an error
---@field touched boolean the user has edited since the answer began
---@field undone boolean the answer was undone while it arrived
---@field asked boolean the last message is a question
---@field finished? string the text before the last answer, if one `u` restores that
local Chat = {}
Chat.__index = Chat

local number = 0
local function next_number()
  number = number + 1
  return number
end

--- Opens a new chat in a new file.
---@param child tests.Child
---@param random fun(low: integer, high: integer): integer
---@return tests.SoakChat
function M.chat(child, random)
  local self = setmetatable({ child = child, random = random }, Chat)
  self.known = ('+++\nmodel = "standin/none"\n+++\n\nQuestion %d'):format(next_number())
  self.touched, self.undone, self.asked = false, false, true
  self.buf = child:chat(self.known, ("chat%d.md"):format(next_number()))
  return self
end

--- Returns random replies of the server, the complete text that they send, which never repeats, and
--- whether they end with an error.
---@return table[] replies
---@return string truth
---@return boolean fails
function Chat:_reply(model)
  local mark, count, list = next_number(), self.random(1, 400), {}
  local deltas = {}
  for index = 0, 7 do
    local before = index == 7 and "\n\n" or index == 3 and "\n" or " "
    deltas[index + 1] = ("%sa%dw{n}"):format(before, mark)
  end
  for index = 1, count do
    list[index] = deltas[(index - 1) % #deltas + 1]:gsub("{n}", index)
  end
  local steps = {
    {
      deltas = {
        text = deltas,
        count = count,
        per_second = ({ 0, 100, 500, 2000 })[self.random(1, 4)],
        role = self.random(1, 2) == 1,
      },
    },
  }
  local kind = self.random(1, 10)
  local replies = { { match = { model = model }, steps = steps } }
  if kind == 1 then
    table.insert(steps, { pause_ms = 20 })
    table.insert(steps, { reset = true })
  elseif kind == 2 then
    table.insert(steps, { hang = true })
  else
    table.insert(steps, { finish = "stop" })
  end
  if kind == 3 then
    local headers = { ["retry-after-ms"] = 1 }
    table.insert(
      replies,
      1,
      { match = { model = model }, status = 503, headers = headers, body = "" }
    )
  end
  return replies, table.concat(list), kind == 1
end

--- Writes a question unless there is one, sets a model that only this request uses, and sends.
function Chat:send()
  local child = self.child
  if not self.asked then
    local question = ("Question %d"):format(next_number())
    local row = #child:lines(self.buf) - 1
    child:api("nvim_buf_set_text", self.buf, row, 0, row, 0, { question })
    self.known, self.asked = self.known .. question, true
  end
  local model = ("s%d"):format(next_number())
  local line = ('model = "standin/%s"'):format(model)
  child:api("nvim_buf_set_lines", self.buf, 1, 2, true, { line })
  self.known = self.known:gsub("model = [^\n]*", line, 1)
  local replies
  replies, self.truth, self.fails = self:_reply(model)
  case.standin:_call("POST", "/_standin/script?append=1", replies)
  self.touched, self.undone, self.finished = false, false, nil
  child:lua("vim.api.nvim_buf_call(..., function() vim.cmd('ChatvimComplete') end)", self.buf)
end

function Chat:stop()
  self.child:lua("require('chatvim').stop(...)", self.buf)
end

--- Inserts a line of the user's above all messages.
function Chat:edit()
  local note = ("Note %d"):format(next_number())
  self.child:api("nvim_buf_set_lines", self.buf, FRONT, FRONT, true, { note })
  local at = select(3, self.known:find("^[^\n]*\n[^\n]*\n[^\n]*\n()"))
  self.known = self.known:sub(1, at - 1) .. note .. "\n" .. self.known:sub(at)
  self.touched, self.finished = true, nil
end

--- Undoes a running answer, or one that has ended, which it may redo.
function Chat:undo()
  local function run(command)
    self.child:lua(
      "local buf, command = ...; vim.api.nvim_buf_call(buf, function() vim.cmd(command) end)",
      self.buf,
      "silent " .. command
    )
  end
  if self.truth then
    -- Before the first text, undo would remove the question.
    local has_text = self.child:text(self.buf):find(self:_first_word(), 1, true)
    if has_text and not self.touched and not self.undone then
      run("undo")
      self.undone = true
    end
  elseif self.finished then
    run("undo")
    self:_expect(self.child:text(self.buf), self.finished, "undone")
    if self.random(1, 2) == 1 then
      run("redo")
      self:_expect(self.child:text(self.buf), self.known, "redone")
    else
      self.known, self.asked = self.finished, true
    end
    self.finished = nil
  end
end

--- Wipes the chat's buffer, whether an answer is running or not.
function Chat:wipe()
  self.child:command("bwipeout! " .. self.buf)
  self.truth = nil
end

--- Checks the text after the end of the answer; from then on it is known exactly.
---@param outcome string
function Chat:ended(outcome)
  local text = self.child:text(self.buf)
  if self.undone then
    self:_expect(text, self.known, "undone while it was written")
  elseif outcome == "done" then
    self:_expect(text, self.known .. BEFORE .. self.truth .. AFTER, "done")
    self.finished = not self.touched and self.known or nil
  else
    self:_expect_part(text, true)
    if outcome ~= "stopped" and not (outcome == "error" and self.fails) then
      error(("the outcome is %s"):format(outcome))
    end
  end
  self.asked = text == self.known
  self.known, self.truth = text, nil
end

--- Checks the current text.
function Chat:check()
  local text = self.child:text(self.buf)
  if not self.truth then
    self:_expect(text, self.known, "idle")
  elseif self.undone then
    self:_expect(text, self.known, "undone")
  else
    self:_expect_part(text, false)
  end
end

function Chat:_first_word()
  return (self.truth:match("%S+"))
end

--- Expects the known text followed by a beginning of the answer, and by its end if it has ended.
function Chat:_expect_part(text, ended)
  if text == self.known then
    return
  end
  local start = self.known .. BEFORE
  self:_expect(text:sub(1, #start), start, "before the answer")
  local answer = text:sub(#start + 1)
  local closed = answer:sub(-#AFTER) == AFTER
  answer = closed and answer:sub(1, -#AFTER - 1) or answer
  if ended and not closed then
    error("not closed: " .. answer:sub(-80))
  end
  -- White space is held back until the end, so the text after the answer may come in two parts.
  local part = AFTER:gsub("%s+$", "")
  if not closed and answer:sub(-#part) == part then
    answer = answer:sub(1, -#part - 1)
  end
  self:_expect(answer, self.truth:sub(1, #answer), "the answer")
end

--- Compares two texts. They are long, so the error shows only the surroundings of the difference.
function Chat:_expect(text, wanted, what) -- luacheck: no self
  if text == wanted then
    return
  end
  local at = 1
  while text:byte(at) == wanted:byte(at) do
    at = at + 1
  end
  local function around(whole)
    return vim.inspect(whole:sub(math.max(1, at - 80), at + 80))
  end
  error(("%s: byte %d is %s\nwanted %s"):format(what, at, around(text), around(wanted)), 2)
end

return M
