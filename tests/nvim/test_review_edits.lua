-- SPDX-License-Identifier: Apache-2.0
-- Edits while a review is open: those of the user elsewhere and inside, conflicts, and whatever
-- happens to the buffer.
local case = require("helpers.case")
local files = require("helpers.system")
local reviews = require("helpers.reviews")

local T = case.set()
local equal = MiniTest.expect.equality

local TEXT = "top\na\nb\nc\nd\ne\nf\ng\nh\nbottom\n"
--- Changes b and g.
local NEW = { "a", "B", "c", "d", "e", "f", "G", "h" }

---@return tests.Child
local function open()
  local child = reviews.edit(TEXT)
  equal(reviews.open(child, 1, 9, NEW), nil)
  return child
end

--- Returns the rows of the changes, with "!" after those of a conflict.
---@param child tests.Child
---@return string[]
local function rows(child)
  return vim.tbl_map(function(item)
    return ("%d-%d%s"):format(item.first, item.last, item.conflict and "!" or "")
  end, reviews.changes(child) or {})
end

---@param child tests.Child
---@param first integer
---@param last integer
---@param lines string[]
local function set(child, first, last, lines)
  child:api("nvim_buf_set_lines", 0, first, last, true, lines)
end

T["edits elsewhere are kept"] = function()
  local child = open()
  set(child, 0, 0, { "above 1", "above 2" })
  set(child, 6, 7, { "changed d", "more" })
  set(child, 13, 13, { "below" })
  equal(rows(child), { "4-5", "10-11" })
  child:command("ChatvimAccept!")
  equal(child:text(), "above 1\nabove 2\ntop\na\nB\nc\nchanged d\nmore\ne\nf\nG\nh\nbottom\nbelow")
end

T["an edit of the same lines is a conflict, which is shown and never overwritten"] = function()
  local child = open()
  set(child, 2, 3, { "mine" })
  equal(rows(child), { "2-3!", "7-8" })
  equal(
    reviews.drawn(child).hints[1]:find("conflict with your edit · dp refuse · 1 of 2", 1, true),
    8
  )
  child:command("3 | ChatvimAccept")
  child:wait_message("undo your edit, or refuse the change")
  child:command("ChatvimAccept!")
  child:wait_message("1 change is left: you have edited the same lines")
  equal(child:text(), "top\na\nmine\nc\nd\ne\nf\nG\nh\nbottom")
  child:command("3 | ChatvimRefuse")
  equal(reviews.reason(child), "done")
  equal(child:text(), "top\na\nmine\nc\nd\ne\nf\nG\nh\nbottom")
end

T["undo of the user's edit ends the conflict"] = function()
  local child = open()
  child:command("3 | normal! ccmine")
  equal(rows(child), { "2-3!", "7-8" })
  child:command("undo")
  equal(rows(child), { "2-3", "7-8" })
  child:command("3 | ChatvimAccept")
  equal(child:lines()[3], "B")
end

T["lines inserted directly above or below a change are a conflict, others are not"] = function()
  for _, edit in ipairs({
    { 2, 2, { "2-4!", "8-9" } },
    { 3, 3, { "2-4!", "8-9" } },
    { 1, 1, { "3-4", "8-9" } },
    { 4, 4, { "2-3", "8-9" } },
    { 9, 9, { "2-3", "7-8" } },
  }) do
    local child = open()
    set(child, edit[1], edit[2], { "mine" })
    equal(rows(child), edit[3])
    child:command("ChatvimAccept!")
    case.expect_part(child:text(), "mine\n")
    child:stop()
  end
end

T["a deleted line that should change is a conflict"] = function()
  local child = open()
  child:command("3delete")
  equal(rows(child), { "2-2!", "6-7" })
end

T["an edit that is the proposal's is no change"] = function()
  local child = open()
  set(child, 2, 3, { "B" })
  equal(rows(child), { "7-8" })
  set(child, 7, 8, { "G" })
  equal(rows(child), {})
  equal(reviews.reason(child), "done")
end

T["an accepted change that is edited later is the user's text"] = function()
  local child = open()
  child:command("3 | ChatvimAccept")
  set(child, 2, 3, { "B, and more" })
  equal(rows(child), { "7-8" })
  child:command("ChatvimAccept!")
  equal(child:text(), "top\na\nB, and more\nc\nd\ne\nf\nG\nh\nbottom")
end

T["a formatter that replaces the whole text keeps the review, and undo too"] = function()
  local child = open()
  local lines = child:lines()
  table.insert(lines, 1, "formatted")
  lines[6] = "  d"
  set(child, 0, -1, lines)
  equal(rows(child), { "3-4", "8-9" })
  child:command("undo")
  equal(rows(child), { "2-3", "7-8" })
  child:command("ChatvimAccept!")
  equal(child:text(), "top\na\nB\nc\nd\ne\nf\nG\nh\nbottom")
end

T["lines joined over the range's ends are the user's"] = function()
  local child = reviews.edit(TEXT)
  reviews.open(child, 1, 9, { "a", "b", "C", "d", "e", "F", "g", "h" })
  child:command("1 | normal! J")
  child:command("8 | normal! J")
  equal(child:text(), "top a\nb\nc\nd\ne\nf\ng\nh bottom")
  child:command("ChatvimAccept!")
  equal(child:text(), "top a\nb\nC\nd\ne\nF\ng\nh bottom")
end

T["a text that is replaced by another ends the review with a sentence"] = function()
  local child = open()
  set(child, 0, -1, { "other" })
  equal({ reviews.changes(child), reviews.reason(child) }, { nil, "lost" })
  child:wait_message("the review of the proposal has ended: its lines were replaced")
  equal(child:text(), "other")
end

T["the range deleted and restored"] = function()
  local child = open()
  child:command("2,9delete")
  equal(rows(child), { "1-1!", "1-1!" })
  child:command("undo")
  equal(rows(child), { "2-3", "7-8" })
end

T["lines deleted at the range's ends one by one, and restored"] = function()
  local child = open()
  child:command("2delete | 2delete")
  child:command("7delete | 6delete")
  equal(rows(child), { "1-1!", "5-5!" })
  child:feed("u")
  child:feed("u")
  child:feed("u")
  child:feed("u")
  equal(child:text() .. "\n", TEXT)
  equal(rows(child), { "2-3", "7-8" })
end

T["lines moved within the range are followed"] = function()
  local child = open()
  child:command("4move 6")
  equal(child:text(), "top\na\nb\nd\ne\nc\nf\ng\nh\nbottom")
  child:command("ChatvimAccept!")
  child:sync()
  local text = child:text()
  for _, line in ipairs({ "c", "d", "e", "G" }) do
    case.expect_part(text, "\n" .. line .. "\n")
  end
end

T["an edit with :edit! or :bdelete ends the review with a sentence"] = function()
  for _, command in ipairs({ "edit!", "bdelete!", "bwipeout!" }) do
    local child = open()
    child:command(command)
    equal(reviews.reason(child), "lost")
    child:wait_message(
      "the review of the proposal has ended: the buffer was unloaded or read again"
    )
    equal(child:api("nvim_get_vvar", "errmsg"), "")
    child:command("edit code.lua")
    equal(child:api("nvim_buf_get_keymap", 0, "n"), {})
    equal(reviews.open(child, 1, 9, NEW), nil)
    child:command("ChatvimAccept!")
    equal(child:lines()[3], "B")
    child:stop()
  end
end

T["a file that is read again by 'autoread' ends the review with a sentence"] = function()
  local child = open()
  files.write(child.folder .. "/code.lua", TEXT .. "changed outside\n")
  child:command("set autoread | checktime")
  equal(reviews.reason(child), "lost")
  child:wait_message("the file was read again")
end

T["without 'modifiable', accepting says so and changes nothing"] = function()
  local child = open()
  child:command("setlocal nomodifiable")
  child:command("ChatvimAccept!")
  child:wait_message("'modifiable' is off")
  equal({ child:text() .. "\n", #rows(child) }, { TEXT, 2 })
  child:command("setlocal modifiable readonly")
  child:command("ChatvimAccept!")
  equal(child:text(), "top\na\nB\nc\nd\ne\nf\nG\nh\nbottom")
  equal(reviews.open(child, 0, 1, { "x" }), nil)
  child:command("ChatvimRefuse! | setlocal nomodifiable")
  equal(
    reviews.open(child, 0, 1, { "x" }),
    "this buffer cannot be changed; `:set modifiable` makes it so"
  )
end

T["accepting after a refusal is not joined to the user's undo step"] = function()
  local child = open()
  child:command("1 | normal! Amine")
  child:command("setlocal nomodifiable | ChatvimAccept!")
  child:command("setlocal modifiable | ChatvimAccept!")
  child:command("undo")
  equal(child:text() .. "\n", (TEXT:gsub("\n", "mine\n", 1)))
end

T["marks, cursor, registers and the views of all windows stay"] = function()
  local lines = {}
  for index = 1, 300 do
    lines[index] = "line " .. index
  end
  local child = reviews.edit(table.concat(lines, "\n") .. "\n")
  child:command("set lines=24 | 100mark a | 210mark b | 60mark c")
  child:command("split | 200 | normal! zt5j3l")
  child:command("wincmd p | 50 | normal! zt2j")
  child:command("let @\" = 'kept' | let @/ = 'search'")
  local new = vim.deepcopy(lines)
  new[10] = "changed\nchanged"
  new = vim.split(table.concat(new, "\n"), "\n")
  table.insert(new, 150, "inserted")
  table.remove(new, 250)
  local function state()
    return child:lua([[
      local state = { vim.fn.getreg('"'), vim.fn.getreg("/") }
      for _, mark in ipairs({ "a", "b", "c" }) do
        table.insert(state, vim.fn.getline("'" .. mark))
      end
      for _, win in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
        table.insert(state, vim.fn.getbufline("%", vim.fn.line("w0", win))[1])
        table.insert(state, vim.fn.getbufline("%", vim.fn.line(".", win))[1])
        table.insert(state, vim.api.nvim_win_get_cursor(win)[2])
      end
      return state
    ]])
  end
  local before = state()
  reviews.open(child, 0, 300, new)
  child:command("redraw")
  equal(state(), before)
  child:command("ChatvimAccept! | redraw")
  equal(child:lines(), new)
  equal(state(), before)
end

T["an edit that equals a part of what still arrives is kept"] = function()
  local child = reviews.edit(TEXT)
  reviews.open(child, 1, 9)
  local proposal = { "A", "b", "c", "d", "e", "f", "g", "import json" }
  reviews.update(child, proposal)
  set(child, 8, 8, { "import json" })
  child:command("2 | ChatvimAccept")
  vim.list_extend(proposal, { "import re", "H" })
  reviews.update(child, proposal, true)
  equal(rows(child), { "8-10!" })
  child:command("ChatvimAccept!")
  equal(child:text(), "top\nA\nb\nc\nd\ne\nf\ng\nimport json\nh\nbottom")
end

return T
