-- SPDX-License-Identifier: Apache-2.0
-- Measures whether the editor stutters while a file of 10,000 lines is rewritten as a whole, at
-- 2,000 deltas a second, and how long it takes to accept all changes. For comparison: the same
-- answer in a chat without a window.
local editors = require("editor")
local measure = require("measure")
local statistics = require("statistics")

local M = {}

local RATE = 2000
local LINES = 10000

--- Returns the file, and the file as it is rewritten: each `step`-th line is changed, and another
--- one is inserted below it.
---@param step integer
---@return string[] lines
---@return string[] deltas
local function make_texts(step)
  local lines, deltas = {}, { "```lua\n" }
  for index = 1, LINES do
    local line = ("  local value_%d = compute(%d)"):format(index, index % 97)
    lines[index] = line
    if index % step == 0 then
      line = line:gsub("compute", "improved") .. "\n  -- see above"
    end
    local half = math.floor(#line / 2)
    vim.list_extend(deltas, { line:sub(1, half), line:sub(half + 1) .. "\n" })
  end
  table.insert(deltas, "```\n")
  return lines, deltas
end

--- Returns an editor with the file open.
---@param lines string[]
---@param standin tests.Standin
---@return bench.Editor
local function open(lines, standin)
  local editor = editors.start({ config = measure.config(standin) })
  editor.limit = 600000
  editor:lua(
    [[
      vim.cmd("enew!")
      vim.api.nvim_buf_set_lines(0, 0, -1, false, ...)
      vim.cmd("file " .. vim.fn.tempname() .. ".lua")
      vim.bo.filetype = "lua"
      pcall(vim.treesitter.start, 0, "lua")
      vim.g.chatvim = vim.tbl_extend("force", vim.g.chatvim, { chat_dir = vim.fn.tempname() })
    ]],
    lines
  )
  vim.wait(2000)
  return editor
end

--- Runs a command and returns the gaps between runs of a 5 ms timer until the answer has ended, in
--- processor time of the editor, so that other programs do not count.
---@param editor bench.Editor
---@param command string
---@return number[] milliseconds
local function watch(editor, command)
  editor:await(
    [[
      _G.gaps, _G.last = {}, os.clock()
      _G.watch = vim.uv.new_timer()
      _G.watch:start(5, 5, function()
        local now = os.clock()
        _G.gaps[#_G.gaps + 1] = (now - _G.last) * 1e3
        _G.last = now
      end)
      vim.api.nvim_create_autocmd("User", {
        pattern = "ChatvimEnd",
        once = true,
        callback = function()
          -- The last update of the review comes after the event.
          vim.defer_fn(_G.done, 500)
        end,
      })
      vim.cmd(...)
    ]],
    command
  )
  return editor:lua("_G.watch:stop(); return _G.gaps")
end

---@param name string
---@param gaps number[]
---@param goal? string
local function report(name, gaps, goal)
  local long = #vim.tbl_filter(function(gap)
    return gap > 16
  end, gaps)
  local longest, most = statistics.quantile(gaps, 1), statistics.quantile(gaps, 0.99)
  local figure = ("%.1f ms, %.1f ms, %d"):format(longest, most, long)
  measure.report(name .. ": longest gap, 99 %, over 16 ms", figure, goal)
end

--- Measures one rewrite.
---@param standin tests.Standin
---@param step integer
local function run(standin, step)
  local lines, deltas = make_texts(step)
  local reply = {
    steps = {
      { deltas = { text = deltas, count = #deltas, per_second = RATE } },
      { finish = "stop" },
    },
  }
  measure.report(("%d lines, each %d. one changed"):format(LINES, step), "")
  standin:script({ reply })
  local editor = open({ "# === USER ===", "", "Rewrite it." }, standin)
  editor:lua("_G.chat = vim.api.nvim_get_current_buf(); vim.cmd.enew()")
  report(
    "  the same answer in a hidden chat",
    watch(editor, "lua require('chatvim.chat.running').start(_G.chat)")
  )
  editor:stop()
  standin:script({ reply })
  editor = open(lines, standin)
  report("  the rewrite", watch(editor, "%ChatvimRewrite Improve it."), "as in the chat, or 16")
  local count = editor:lua("return #require('chatvim.review').of(0).placed")
  local took = editor:lua([[
    local start = os.clock()
    vim.cmd("ChatvimAccept!")
    return (os.clock() - start) * 1e3
  ]])
  measure.report(("  accepting all %d changes"):format(count), ("%.1f ms"):format(took))
  editor:stop()
end

---@param standin tests.Standin
function M.run(standin)
  for _, step in ipairs({ 20, 4, 1 }) do
    run(standin, step)
  end
end

return M
