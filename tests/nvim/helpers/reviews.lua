-- SPDX-License-Identifier: Apache-2.0
-- Reviews in a child: opening them without a model, and what they show.
local case = require("helpers.case")
local files = require("helpers.system")
local wait = require("helpers.wait")

local M = {}

--- Starts a child with a file.
---@param text string
---@param options? tests.ChildOptions
---@param name? string
---@return tests.Child
function M.edit(text, options, name)
  local child = case.child(options)
  files.write(child.folder .. "/" .. (name or "code.lua"), text)
  child:command("edit " .. (name or "code.lua"))
  return child
end

--- Opens a review of rows of the current buffer.
---@param child tests.Child
---@param first integer from 0
---@param last integer exclusive
---@param new? string[] nil: it streams
---@return string? err
function M.open(child, first, last, new)
  local err = child:lua(
    [[
      local first, last, new = ...
      local spec = { buf = vim.api.nvim_get_current_buf(), first = first, last = last }
      spec.title, spec.new = "proposal", new ~= vim.NIL and new or nil
      spec.on_done = function(_, reason)
        _G.reason = reason
      end
      local err
      _G.reason = nil
      _G.review, err = require("chatvim.review").open(spec)
      return err
    ]],
    first,
    last,
    new or vim.NIL
  )
  return err ~= vim.NIL and err or nil
end

--- Sends the review that `open` has opened more lines.
---@param child tests.Child
---@param lines string[]
---@param complete? boolean
function M.update(child, lines, complete)
  child:lua("require('chatvim.review').update(_G.review, ...)", lines, complete or false)
end

--- Returns the changes of the review in the current buffer with their rows in the buffer, or nil.
---@param child tests.Child
---@return { first: integer, last: integer, lines: string[], conflict?: boolean }[]?
function M.changes(child)
  child:sync()
  local list = child:lua([[
    local review = require("chatvim.review").of(0)
    return review and vim.tbl_map(function(item)
      return {
        first = review.start + item.first,
        last = review.start + item.last,
        lines = item.change.lines,
        conflict = item.conflict,
      }
    end, review.placed)
  ]])
  return list ~= vim.NIL and list or nil
end

--- Returns why the review has ended, or nil.
---@param child tests.Child
---@return string?
function M.reason(child)
  local reason = child:lua("return _G.reason")
  return reason ~= vim.NIL and reason or nil
end

--- What is drawn of a review.
---@class tests.Drawn
---@field old integer[][] first and last row, exclusive, of dimmed lines
---@field new { row: integer, above: boolean, lines: string[] }[] virtual lines, without separators
---@field hints string[] the separators

--- Returns what is drawn.
---@param child tests.Child
---@return tests.Drawn
function M.drawn(child)
  child:sync()
  return child:lua([[
    local namespace = vim.api.nvim_create_namespace("chatvim.review")
    local drawn = { old = {}, new = {}, hints = {} }
    local marks = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
    for _, mark in ipairs(marks) do
      if mark[4].virt_lines then
        local lines = {}
        for _, line in ipairs(mark[4].virt_lines) do
          if line[1][2] == "ChatvimAdded" then
            table.insert(lines, line[1][1])
          else
            table.insert(drawn.hints, line[1][1])
          end
        end
        local above = mark[4].virt_lines_above
        table.insert(drawn.new, { row = mark[2], above = above, lines = lines })
      else
        table.insert(drawn.old, { mark[2], mark[4].end_row })
      end
    end
    return drawn
  ]])
end

--- Returns the progress of the rewrite in the current buffer and its row, or "".
---@param child tests.Child
---@return string
function M.progress(child)
  return child:lua([[
    local namespace = vim.api.nvim_create_namespace("chatvim.rewrite")
    local marks = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
    local text = ""
    for _, mark in ipairs(marks) do
      for _, chunk in ipairs(mark[4].virt_lines[1]) do
        text = text .. chunk[1]
      end
      text = mark[2] .. " " .. text
    end
    return text
  ]])
end

--- Waits until the review in the current buffer has the whole proposal.
---@param child tests.Child
function M.wait_complete(child)
  wait.until_true("the whole proposal", function()
    return child:lua([[
      local review = require("chatvim.review").of(0)
      return review ~= nil and review.complete
    ]])
  end)
end

--- Waits until the current buffer has no review.
---@param child tests.Child
function M.wait_over(child)
  wait.until_true("the end of the review", function()
    return M.changes(child) == nil
  end)
end

--- Expects that an answer rewrites lines 2 and 3 of a file to lines.
---@param answer string
---@param lines string[]
---@param text string
function M.expect_rewrite(answer, lines, text)
  local child = M.edit(text)
  case.standin:script({ require("helpers.replies").answer(answer) })
  child:command("2,3ChatvimRewrite Do it.")
  M.wait_complete(child)
  child:command("ChatvimAccept!")
  local now = child:lines()
  MiniTest.expect.equality(vim.list_slice(now, 2, #now - 1), lines)
  child:stop()
end

return M
