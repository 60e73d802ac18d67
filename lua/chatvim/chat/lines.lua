-- SPDX-License-Identifier: Apache-2.0
-- The special lines of a chat: delimiters, front matter markers, the first and last lines of
-- reasoning, lines that open or close a block of an answer (a tool call, a state, another answer),
-- and lines that may embed something.
-- After an edit, only the changed lines are read.
local M = {}

local api = vim.api
local new_rows = require("chatvim.chat.rows").new

local OPEN = "<details><summary>Reasoning</summary>"
local CLOSE = "</details>"
--- How many lines are read at once, so that a long chat is never copied whole.
local SLICE = 2000
--- How much of a line is read first if only one has changed, in bytes: an answer may grow in a
--- single line of megabytes.
local HEAD = 4096

---@alias chatvim.Lines.List
---| "delimiters"|"markers"|"opens"|"closes"|"embeds"|"steps"|"ends"|"fences"|"provenances"

--- The kind of a special line.
---@class chatvim.Lines.Kind
---@field list chatvim.Lines.List
---@field value any the role, or the marker
---@field also? chatvim.Lines.Kind a second kind of the same line

--- The special lines of a buffer, each kind a list. Owned by the buffer's outline.
---@class chatvim.Lines
---@field kinds table<string, chatvim.Lines.Kind>
---@field delimiters chatvim.Rows with their roles; includes those in the front matter
---@field markers chatvim.Rows
---@field opens chatvim.Rows first lines of reasoning
---@field closes chatvim.Rows
---@field embeds chatvim.Rows lines that begin with an image link, also in code and answers
---@field steps chatvim.Rows lines that begin like a block: with "call", "state" or "other"
---@field ends chatvim.Rows lines that may close a state
---@field fences chatvim.Rows lines of nothing but backticks, with their number
---@field provenances chatvim.Rows lines that say where an answer comes from
---@field count integer the number of lines in the buffer
---@field buf integer
---@field known? integer cached number of rows of the front matter
---@field probed integer the last row that `known` depends on
local Lines = {}
Lines.__index = Lines

local LISTS = {
  "delimiters",
  "markers",
  "opens",
  "closes",
  "embeds",
  "steps",
  "ends",
  "fences",
  "provenances",
}
---@type chatvim.Lines.Kind
local EMBED = { list = "embeds" }
local CALL = { list = "steps", value = "call" }
local STATE = { list = "steps", value = "state" }
local OTHER = { list = "steps", value = "other" }
local PROVENANCE = { list = "provenances" }
local NONE = {}

--- Returns the kinds of special lines by their text. A delimiter can also be a front matter marker,
--- but nothing else.
---@param delimiters table<"user"|"assistant"|"system", string>
---@return table<string, chatvim.Lines.Kind>
local function make_kinds(delimiters)
  local kinds = {
    ["+++"] = { list = "markers", value = "+++" },
    ["---"] = { list = "markers", value = "---" },
    ["..."] = { list = "markers", value = "..." },
    [OPEN] = { list = "opens" },
    [CLOSE] = { list = "closes" },
    ["-->"] = { list = "ends" },
  }
  for _, role in ipairs({ "assistant", "user", "system" }) do
    local line = delimiters[role]
    local other = kinds[line]
    kinds[line] = {
      list = "delimiters",
      value = role,
      also = other and other.list == "markers" and other or nil,
    }
  end
  return kinds
end

--- Reads all lines of a buffer.
---@param buf integer
---@param delimiters table<"user"|"assistant"|"system", string>
---@return chatvim.Lines
function M.read(buf, delimiters)
  local self = setmetatable({ kinds = make_kinds(delimiters), buf = buf, probed = -1 }, Lines)
  for _, list in ipairs(LISTS) do
    self[list] = new_rows()
  end
  self.count = api.nvim_buf_is_loaded(buf) and api.nvim_buf_line_count(buf) or 0
  self:_scan(buf, 0, self.count, function(row, kind)
    self[kind.list]:push(row, kind.value)
  end)
  -- Now rather than later, because it may read the buffer, which Neovim 0.10 does not allow while a
  -- buffer is being wiped out.
  self:front()
  return self
end

--- Returns a line without trailing white space, which the format ignores. Lines of a file with
--- mixed line endings may end in `\r`.
---@param line string
---@return string
function M.bare(line)
  local last = #line
  local byte = line:byte(last)
  while byte == 32 or byte == 9 or byte == 13 do
    last = last - 1
    byte = line:byte(last)
  end
  return last < #line and line:sub(1, last) or line
end

--- Whether lines look like a top-level YAML mapping. Only then does a following `...` close the
--- front matter. The program uses the same rule.
---@param lines string[] the lines after the opening marker
---@return boolean
function M.is_mapping(lines)
  local has_key = false
  for _, line in ipairs(lines) do
    if line:find("^[^%s#%-%]}][^:]*:%s") or line:find("^[^%s#%-%]}][^:]*:$") then
      has_key = true
    elseif
      line:find("%S")
      and not line:find("^#")
      and not (has_key and line:find("^[%s%-%]}]"))
    then
      return false
    end
  end
  return has_key
end

--- Updates the lists after an edit that replaced the lines from `first` up to `last` with those
--- from `first` up to `new_last`.
---@param buf integer
---@param first integer
---@param last integer exclusive
---@param new_last integer exclusive
---@return boolean changed messages were added or removed, or the front matter changed
---@return boolean blocks lines that open or close reasoning, calls or states were added or removed
---@return boolean embeds lines that may embed something were changed, added or removed
function Lines:follow(buf, first, last, new_last)
  local front = self:front()
  self.count = self.count + new_last - last
  local found
  self:_scan(buf, first, new_last, function(row, kind)
    found = found or {}
    local list = found[kind.list] or {}
    found[kind.list] = list
    list[#list + 1] = { row, kind.value }
  end)
  local spliced = {}
  for _, name in ipairs(LISTS) do
    local rows, values = NONE, NONE
    if found and found[name] then
      rows, values = {}, {}
      for index, item in ipairs(found[name]) do
        rows[index], values[index] = item[1], item[2]
      end
    end
    spliced[name] = self[name]:splice(first, last, new_last, rows, values)
  end
  if spliced.markers or first <= math.max(front, self.probed) then
    self.known = nil
  end
  local changed = spliced.delimiters or self:front() ~= front
  local blocks = spliced.opens or spliced.closes or spliced.steps
  -- Code blocks of chats without calls need no such fences.
  local inner = spliced.ends or spliced.fences or spliced.provenances
  blocks = blocks or (self.steps.count > 0 and inner)
  return changed, blocks, spliced.embeds
end

--- Returns the number of lines in the front matter, including its markers; 0 if there is none.
---@return integer
function Lines:front()
  if not self.known then
    local markers = self.markers
    self.known, self.probed = 0, -1
    local opening = markers:row(1) == 0 and markers.values[1]
    for index = 2, (opening == "+++" or opening == "---") and markers.count or 1 do
      local value, row = markers.values[index], markers:row(index)
      local is_end = value == opening
      if value == "..." and opening == "---" and self.probed < 0 then
        self.probed = row --[[@as integer]]
        is_end = M.is_mapping(api.nvim_buf_get_lines(self.buf, 1, self.probed, false))
      end
      if is_end then
        self.known = row + 1
        break
      end
    end
  end
  return self.known
end

--- Reads a line, at least as much of it as can make it special. Empty if there is no such row.
---@param buf integer
---@param row integer
---@return string[]
local function read_line(buf, row)
  if row >= api.nvim_buf_line_count(buf) then
    return NONE
  end
  local text = api.nvim_buf_get_text(buf, row, 0, row, HEAD, {})
  -- If the rest of the line is blank, it is ignored, so the whole line is needed to know.
  if #text[1] == HEAD and #M.bare(text[1]) < HEAD then
    return api.nvim_buf_get_lines(buf, row, row + 1, false)
  end
  return text
end

--- Returns the role of the delimiter in a row, read from the buffer, or nil. Ignores whether the
--- row is in the front matter.
---@param buf integer
---@param row integer
---@return "user"|"assistant"|"system"?
function Lines:role(buf, row)
  local text = read_line(buf, row)[1]
  local kind = text and self.kinds[M.bare(text)]
  return kind and kind.list == "delimiters" and kind.value or nil
end

--- Returns the kind of a line that is not special by its whole text, or nil.
---@param line string
---@return chatvim.Lines.Kind?
local function kind_of(line)
  local byte = line:byte(1)
  if byte == 33 or byte == 32 then -- "!", " "
    return line:find("^ ? ? ?!%[") and EMBED or nil
  elseif byte == 60 then -- "<"
    if line:find("^<details><summary>Step ") then
      return CALL
    elseif line:find("^<details><summary>Answer:") then
      return OTHER
    end
    if line:find("^<!%-%- chatvim:answer [^%s<>`]+ .-%-%->[ \t\r]*$") then
      return PROVENANCE
    end
    return line:find("^<!%-%- chatvim:state ") and STATE or nil
  elseif byte == 96 and line:find("^```+[ \t\r]*$") then -- "`"
    return { list = "fences", value = #M.bare(line) }
  end
end

--- Calls `on_line` for each special line in a range of rows.
---@package
---@param buf integer
---@param first integer
---@param last integer exclusive
---@param on_line fun(row: integer, kind: chatvim.Lines.Kind)
function Lines:_scan(buf, first, last, on_line)
  local kinds, bare = self.kinds, M.bare
  for start = first, last - 1, SLICE do
    local lines = last - first == 1 and read_line(buf, first)
      or api.nvim_buf_get_lines(buf, start, math.min(start + SLICE, last), false)
    for index = 1, #lines do
      local line = lines[index]
      -- Most lines are prose, and a lookup is cheaper than trimming.
      local kind = kinds[line] or kinds[bare(line)]
      local other = kind_of(line)
      while kind do
        on_line(start + index - 1, kind)
        kind = kind.also
      end
      if other then
        on_line(start + index - 1, other)
      end
    end
  end
end

return M
