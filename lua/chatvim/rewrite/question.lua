-- SPDX-License-Identifier: Apache-2.0
-- The question of a rewrite: the instruction, the lines, what surrounds them, and how to answer.
local M = {}

local api = vim.api
local excerpt = require("chatvim.command.excerpt")

--- Limits of a rewrite and of what is shown above and below its lines.
local MOST_LINES, AROUND_LINES, AROUND_BYTES = 100000, 200, 100000

--- The lines to rewrite.
---@class chatvim.Rewrite.Range
---@field first integer row from 0
---@field last integer exclusive
---@field lines string[]
---@field above string[] what an answer may repeat of the lines before them
---@field below string[] and after them

--- Reads the lines to rewrite.
---@param buf integer
---@param first integer row from 0
---@param last integer exclusive
---@return chatvim.Rewrite.Range?
---@return string? err
function M.read(buf, first, last)
  if last - first > MOST_LINES then
    local most = require("chatvim.view.numbers").count(MOST_LINES)
    return nil, ("these are too many lines: at most %s can be rewritten at once"):format(most)
  end
  local lines = api.nvim_buf_get_lines(buf, first, last, false)
  for index, line in ipairs(lines) do
    local wrong = excerpt.line_error(line)
    if wrong then
      return nil, ("line %d %s: nothing was sent"):format(first + index, wrong)
    end
  end
  -- An answer may repeat what it is shown.
  local above = math.max(first - AROUND_LINES, 0)
  return {
    first = first,
    last = first + #lines,
    lines = lines,
    above = api.nvim_buf_get_lines(buf, above, first, false),
    below = api.nvim_buf_get_lines(buf, last, last + AROUND_LINES, false),
  }
end

--- Returns how many of the lines that are nearest to the range can be shown.
---@param lines string[]
---@param from integer index of the nearest line
---@param step 1|-1
---@return integer
local function count_usable(lines, from, step)
  local bytes, count = 0, 0
  local index = from
  while lines[index] do
    bytes = bytes + #lines[index] + 1
    if bytes > AROUND_BYTES or excerpt.line_error(lines[index]) then
      break
    end
    count = count + 1
    index = index + step
  end
  return count
end

--- Adds lines next to the range as a code block with a label.
---@param text string[]
---@param buf integer
---@param first integer row from 0
---@param lines string[]
---@param where string
local function add_context(text, buf, first, lines, where)
  if #lines > 0 then
    local label = excerpt.label(buf, first + 1, first + #lines)
    vim.list_extend(text, { ("%s, %s:"):format(where, label), "" })
    vim.list_extend(text, excerpt.block(lines, vim.bo[buf].filetype))
    table.insert(text, "")
  end
end

--- Adds what surrounds the range.
---@param text string[]
---@param buf integer
---@param first integer
---@param last integer
local function add_surroundings(text, buf, first, last)
  local start = math.max(first - AROUND_LINES, 0)
  local above = api.nvim_buf_get_lines(buf, start, first, false)
  local count = count_usable(above, #above, -1)
  above = vim.list_slice(above, #above - count + 1)
  local below = api.nvim_buf_get_lines(buf, last, last + AROUND_LINES, false)
  below = vim.list_slice(below, 1, count_usable(below, 1, 1))
  add_context(text, buf, first - count, above, "Above them")
  add_context(text, buf, last, below, "Below them")
end

---@param lines string[]
---@return boolean
local function is_blank(lines)
  return not table.concat(lines):find("%S")
end

--- Returns how to answer.
---@param lines string[]
---@return string
local function format_of_answer(lines)
  local fence = excerpt.fence(lines)
  local longer = #fence > 3 and (" Fence it with %s, since the lines hold fences."):format(fence)
    or ""
  return "Answer with exactly one fenced code block and no other text. It replaces these lines and "
    .. "nothing else: it has their complete new text with its indentation, and no lines from above "
    .. "or below them."
    .. longer
end

--- Returns the text of the question.
---@param buf integer
---@param range chatvim.Rewrite.Range
---@param prompt chatvim.Rewrite.Prompt
---@return string[]
function M.build(buf, range, prompt)
  local first, last, lines = range.first, range.last, range.lines
  local label = excerpt.label(buf, first + 1, last)
  local text = prompt.text ~= "" and vim.split(prompt.text, "\n", { plain = true }) or {}
  table.insert(text, #text > 0 and "" or nil)
  if is_blank(lines) then
    local what = "Write what is to stand at %s, which is blank now."
    vim.list_extend(text, { what:format(label), "" })
  else
    -- A quote as :ChatvimSend writes it, so that the code of a later answer can be applied to them.
    vim.list_extend(text, { "The lines to rewrite:", "", label })
    vim.list_extend(text, excerpt.block(lines, vim.bo[buf].filetype))
    table.insert(text, "")
  end
  local diagnostics = prompt.diagnoses
    and require("chatvim.rewrite.presets").diagnostics(buf, first, last)
  if diagnostics and #diagnostics > 0 then
    vim.list_extend(text, { "What tools report about them:", "" })
    vim.list_extend(text, diagnostics)
    table.insert(text, "")
  end
  add_surroundings(text, buf, first, last)
  return vim.list_extend(text, { format_of_answer(lines), "" })
end

--- Asks the user for the instruction.
---@param buf integer
---@param on_text fun(text: string) called if there is one, and the text of the buffer is the same
function M.instruction(buf, on_text)
  local tick = api.nvim_buf_get_changedtick(buf)
  vim.ui.input({ prompt = "Rewrite: " }, function(text)
    if not text or not text:find("%S") or not api.nvim_buf_is_loaded(buf) then
      return
    elseif api.nvim_buf_get_changedtick(buf) ~= tick then
      local again = ("select the lines again, the text has changed: :ChatvimRewrite %s"):format(
        text
      )
      require("chatvim.notify").show(again, "warn")
      return
    end
    on_text(text)
  end)
end

return M
