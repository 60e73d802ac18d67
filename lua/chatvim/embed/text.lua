-- SPDX-License-Identifier: Apache-2.0
-- Shows a short description of an embed after its line. The marks are set when the request is sent,
-- so that they move with the lines until the reply arrives.
local M = {}

local api = vim.api
local namespace = api.nvim_create_namespace("chatvim.embeds")

--- Longer targets are truncated, in characters.
local LONGEST = 60

--- A description of an embed, with the fields of the protocol.
---@class chatvim.Embed
---@field line integer from 1
---@field source string "" for the chat itself
---@field kind "text"|"folder"|"glob"|"picture"|"pdf"|"address"
---@field target string
---@field path string "" if it has none
---@field words string what it holds, or why it cannot be sent
---@field error? string

---@param buf integer
---@param row integer
---@param options table
---@return integer mark
local function set(buf, row, options)
  local line = api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
  options.virt_text_pos = "eol"
  options.hl_mode = "combine"
  -- Over the whole line, so that the virtual text is deleted with it.
  options.end_row = row
  options.end_col = #line
  options.invalidate = true
  return api.nvim_buf_set_extmark(buf, namespace, row, 0, options)
end

--- Marks rows, keeping the virtual text of existing marks.
---@param buf integer
---@param rows integer[]
---@return table<integer, integer> marks by row
function M.mark(buf, rows)
  local mark_at = {}
  for _, mark in ipairs(api.nvim_buf_get_extmarks(buf, namespace, 0, -1, { details = true })) do
    if mark[4].invalid or mark_at[mark[2]] then
      api.nvim_buf_del_extmark(buf, namespace, mark[1])
    else
      mark_at[mark[2]] = mark[1]
    end
  end
  local marks = {}
  for _, row in ipairs(rows) do
    marks[row] = mark_at[row] or set(buf, row, {})
  end
  return marks
end

--- Truncates a target for display after a line.
---@param item chatvim.Embed
---@return string
local function shorten_target(item)
  local target = require("chatvim.view.printable").show(item.target)
  if vim.fn.strchars(target) > LONGEST then
    target = vim.fn.strcharpart(target, 0, LONGEST - 1) .. "…"
  end
  return target
end

--- Shows the descriptions of embeds, and deletes marks without an embed.
---@param buf integer
---@param marks table<integer, integer> as returned by `mark`
---@param items chatvim.Embed[]
function M.show(buf, marks, items)
  local shown = {}
  local concealed = M.is_concealed(buf)
  for _, item in ipairs(items) do
    local mark = item.source == "" and marks[item.line - 1]
    local at = mark and api.nvim_buf_get_extmark_by_id(buf, namespace, mark, { details = true })
    if at and at[1] and not at[3].invalid then
      ---@cast mark integer
      shown[mark] = true
      local group = item.error and "ChatvimEmbedError" or "ChatvimEmbed"
      local words = require("chatvim.view.printable").show(item.words or "")
      if concealed then
        words = ("%s: %s"):format(shorten_target(item), words)
      end
      set(buf, at[1], { id = mark, virt_text = { { words, group } } })
    end
  end
  for _, mark in ipairs(api.nvim_buf_get_extmarks(buf, namespace, 0, -1, {})) do
    if not shown[mark[1]] then
      api.nvim_buf_del_extmark(buf, namespace, mark[1])
    end
  end
end

--- Whether a window of a buffer hides the targets of links, with 'conceallevel' 2 or 3.
---@param buf integer
---@return boolean
function M.is_concealed(buf)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if vim.wo[win].conceallevel >= 2 then
      return true
    end
  end
  return false
end

--- Deletes all marks of a buffer.
---@param buf integer
function M.clear(buf)
  api.nvim_buf_clear_namespace(buf, namespace, 0, -1)
end

return M
