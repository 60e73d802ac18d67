-- SPDX-License-Identifier: Apache-2.0
-- Locates the tool calls of an answer, the state that its provider wants back, and other answers to
-- the same question (doc/format.md, sections 7 and 8). `chat/lines.lua` tracks the lines that can
-- open and close them, so that a long answer is not read here.
local M = {}

local api = vim.api

--- A block in an answer: a tool call, a state, or another answer. Rows count from 0.
---@class chatvim.Outline.Step
---@field kind "call"|"state"|"other"
---@field first integer
---@field last integer
---@field title? string "Step N: TOOL"; of a call
---@field model? string PROVIDER/MODEL; of a state or another answer
---@field arguments? chatvim.Outline.Fence of a call
---@field result? chatvim.Outline.Fence of a call that has one
---@field outcome? "result"|"error"|"refused"|"cut" of a call that has a result

--- A fenced block, including its fences. Rows count from 0.
---@class chatvim.Outline.Fence
---@field first integer
---@field last integer
---@field kind string the first word after the opening fence
---@field word string the second word

---@param buf integer
---@param row integer
---@param last integer no row after this one is read
---@return string? line without trailing white space
local function line_at(buf, row, last)
  local text = row <= last and api.nvim_buf_get_lines(buf, row, row + 1, false)[1]
  return text and text:match("^(.-)[ \t\r]*$") or nil
end

---@param buf integer
---@param lines chatvim.Lines
---@param row integer
---@param last integer
---@return chatvim.Outline.Fence?
local function read_fence(buf, lines, row, last)
  local line = line_at(buf, row, last) or ""
  local fence, kind, word = line:match("^(```+)([^` ]*) ([^` \t]+)$")
  if not fence then
    return
  end
  local fences = lines.fences
  for index = fences:find(row + 1), fences.count do
    local close = fences:row(index)
    if close > last then
      return
    elseif fences.values[index] == #fence then
      return { first = row, last = close, kind = kind, word = word }
    end
  end
end

local OUTCOMES = { result = true, error = true, refused = true, cut = true }

---@param buf integer
---@param lines chatvim.Lines
---@param row integer
---@param last integer
---@return chatvim.Outline.Step?
local function read_call(buf, lines, row, last)
  local title = (line_at(buf, row, last) or ""):match(
    "^<details><summary>(Step [1-9]%d*: [%w._-]+)</summary>$"
  )
  local arguments = title
    and line_at(buf, row + 1, last) == ""
    and read_fence(buf, lines, row + 2, last)
  if not arguments or (arguments.kind ~= "json" and arguments.kind ~= "text") then
    return
  end
  local step = { kind = "call", first = row, title = title, arguments = arguments }
  local at = arguments.last
  if line_at(buf, at + 1, last) ~= "" then
    return
  elseif line_at(buf, at + 2, last) ~= "</details>" then
    local result = read_fence(buf, lines, at + 2, last)
    if not result or result.kind ~= "text" or not OUTCOMES[result.word] then
      return
    end
    step.result, step.outcome, at = result, result.word, result.last
    if line_at(buf, at + 1, last) ~= "" or line_at(buf, at + 2, last) ~= "</details>" then
      return
    end
  end
  step.last = at + 2
  return step
end

---@param buf integer
---@param lines chatvim.Lines
---@param row integer
---@param last integer
---@return chatvim.Outline.Step?
local function read_state(buf, lines, row, last)
  local model = (line_at(buf, row, last) or ""):match("^<!%-%- chatvim:state (%S+)$")
  local close = lines.ends:row(lines.ends:find(row + 1))
  if model and close and close <= last then
    return { kind = "state", first = row, last = close, model = model }
  end
end

---@param buf integer
---@param lines chatvim.Lines
---@param row integer
---@param last integer
---@return chatvim.Outline.Step?
local function read_other(buf, lines, row, last)
  local opening = line_at(buf, row, last) or ""
  if not opening:find("^<details><summary>Answer: .+</summary>$") then
    return
  elseif line_at(buf, row + 1, last) ~= "" then
    return
  end
  local close = lines.closes:row(lines.closes:find(row + 1))
  local next_step = lines.steps:row(lines.steps:find(row + 1))
  if not close or close > last or (next_step and next_step < close) then
    return
  end
  local provenances = lines.provenances
  local index = provenances:find(close) - 1 -- the last one above
  local at = index > 0 and provenances:row(index)
  if not at or at <= row then
    return
  end
  local model = (line_at(buf, at, last) or ""):match("^<!%-%- chatvim:answer (%S+)")
  return { kind = "other", first = row, last = close, model = model }
end

local READERS = { call = read_call, state = read_state, other = read_other }

--- Returns the blocks of an answer in order.
---@param buf integer
---@param lines chatvim.Lines
---@param first integer the first row of its text, after its reasoning
---@param last integer its last row
---@return chatvim.Outline.Step[]
function M.read(buf, lines, first, last)
  local found = {}
  local steps = lines.steps
  for index = steps:find(first), steps.count do
    local row = steps:row(index)
    if row > last then
      break
    end
    -- A line inside a block opens nothing.
    if row >= first then
      local step = READERS[steps.values[index]](buf, lines, row, last)
      if step then
        found[#found + 1] = step
        first = step.last + 1
      end
    end
  end
  return found
end

--- Returns the block that contains a row, or nil.
---@param steps chatvim.Outline.Step[] in order
---@param row integer
---@return chatvim.Outline.Step?
---@return integer index of the last block that begins at or before the row; 0 if there is none
function M.find(steps, row)
  local low, high = 0, #steps
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if steps[middle].first <= row then
      low = middle
    else
      high = middle - 1
    end
  end
  local step = steps[low]
  return step and row <= step.last and step or nil, low
end

--- How much of the arguments is read for a summary, in bytes.
local MOST = 4096

--- Returns the arguments of a call as one line: the values if they are an object, else the text.
---@param buf integer
---@param step chatvim.Outline.Step
---@return string
local function summarize(buf, step)
  local fence = step.arguments --[[@as chatvim.Outline.Fence]]
  local last = math.min(fence.last, fence.first + 101)
  local text = table.concat(api.nvim_buf_get_lines(buf, fence.first + 1, last, false), "\n")
  text = text:sub(1, MOST)
  local ok, object = pcall(vim.json.decode, text, { luanil = { object = true, array = true } })
  if not ok or type(object) ~= "table" or vim.islist(object) then
    return text == "{}" and "" or text
  end
  local values = {}
  for key, value in pairs(object) do
    local shown = type(value) == "table" and vim.json.encode(value) or tostring(value)
    table.insert(values, { text = shown, at = text:find('"' .. key .. '"', 1, true) or 0 })
  end
  table.sort(values, function(left, right)
    return left.at < right.at
  end)
  return table.concat(
    vim.tbl_map(function(value)
      return value.text
    end, values),
    " "
  )
end

--- Returns what stands for a block in one line: its beginning, what may be shortened, and its end.
---@param buf integer
---@param step chatvim.Outline.Step
---@return string name
---@return string text one line, perhaps empty
---@return string ending
function M.describe(buf, step)
  if step.kind ~= "call" then
    local count = step.last - step.first + 1
    return step.kind == "state" and "state" or "other answer",
      step.model, --[[@as string]]
      (" … %d lines"):format(count)
  end
  local ending = step.outcome or "not run"
  if step.outcome == "result" then
    local count = step.result.last - step.result.first - 1
    ending = ("%d line%s"):format(count, count == 1 and "" or "s")
  end
  local text = vim.trim((summarize(buf, step):gsub("[%c ]+", " ")))
  return step.title, --[[@as string]]
    text,
    " → " .. ending
end

return M
