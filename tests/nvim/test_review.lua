-- SPDX-License-Identifier: Apache-2.0
-- Reviews: changes are drawn, accepted, refused and undone.
local case = require("helpers.case")
local reviews = require("helpers.reviews")
local screens = require("helpers.screens")
local wait = require("helpers.wait")

local T = case.set()
local equal = MiniTest.expect.equality

local TEXT = "top\na\nb\nc\nd\ne\nf\ng\nh\nbottom\n"
--- Changes b, inserts X below e, and deletes g.
local NEW = { "a", "B", "c", "d", "e", "X", "f", "h" }
local RESULT = "top\na\nB\nc\nd\ne\nX\nf\nh\nbottom"

---@param options? tests.ChildOptions
---@return tests.Child
local function open(options)
  local child = reviews.edit(TEXT, options)
  equal(reviews.open(child, 1, 9, NEW), nil)
  return child
end

---@param child tests.Child
---@param row integer from 1
---@param keys string
local function press(child, row, keys)
  child:command(tostring(row))
  child:lua("vim.api.nvim_feedkeys(vim.keycode(...), 'xt', false)", keys)
end

T["changes are drawn, and the text is as it was"] = function()
  local child = open()
  equal(child:text() .. "\n", TEXT)
  local drawn = reviews.drawn(child)
  equal(drawn.old, { { 2, 3 }, { 7, 8 } })
  equal(drawn.new, {
    { row = 2, above = false, lines = { "B" } },
    { row = 5, above = false, lines = { "X" } },
    { row = 7, above = false, lines = {} },
  })
  equal(drawn.hints, {
    "── do accept · dp refuse · dO dP all · 1 of 3",
    "──",
    "──",
  })
end

T["the hint is at the change at the cursor"] = function()
  local child = open()
  press(child, 8, "0")
  child:command("doautocmd CursorMoved")
  local hints = reviews.drawn(child).hints
  equal({ hints[1], hints[2] }, { "──", "──" })
  case.expect_part(hints[3], "3 of 3")
end

T["do accepts, dp refuses, and one undo takes back what was accepted"] = function()
  local child = open()
  press(child, 3, "do")
  equal(#reviews.changes(child), 2)
  press(child, 8, "dp")
  equal(#reviews.changes(child), 1)
  press(child, 6, "do")
  equal(reviews.changes(child), nil)
  equal(reviews.reason(child), "done")
  equal(child:text(), "top\na\nB\nc\nd\ne\nX\nf\ng\nh\nbottom")
  child:command("undo")
  equal(child:text() .. "\n", TEXT)
  child:command("redo")
  equal(child:text(), "top\na\nB\nc\nd\ne\nX\nf\ng\nh\nbottom")
  equal(child:api("nvim_get_vvar", "errmsg"), "")
end

T["dO accepts all as one undo step, dP refuses all"] = function()
  local child = open()
  press(child, 1, "dO")
  equal({ child:text(), reviews.reason(child) }, { RESULT, "done" })
  child:command("undo")
  equal(child:text() .. "\n", TEXT)
  reviews.open(child, 1, 9, NEW)
  press(child, 1, "dP")
  equal({ child:text() .. "\n", reviews.reason(child) }, { TEXT, "refused" })
  equal(reviews.drawn(child), { old = {}, new = {}, hints = {} })
end

T["an edit between two acceptances keeps their undo steps apart"] = function()
  local child = open()
  press(child, 3, "do")
  child:feed("Gonew<Esc>")
  press(child, 6, "do")
  child:command("undo")
  equal(child:text(), "top\na\nB\nc\nd\ne\nf\ng\nh\nbottom\nnew")
  child:command("undo")
  equal(child:text(), "top\na\nB\nc\nd\ne\nf\ng\nh\nbottom")
  child:command("undo")
  equal(child:text() .. "\n", TEXT)
end

T["undo of an acceptance brings the change back, redo takes it again"] = function()
  local child = open()
  press(child, 8, "do")
  press(child, 6, "do")
  equal(#reviews.changes(child), 1)
  child:command("undo")
  equal(#reviews.changes(child), 3)
  equal(child:text() .. "\n", TEXT)
  child:command("redo")
  equal(#reviews.changes(child), 1)
  press(child, 1, "dO")
  equal(child:text(), RESULT)
end

T["a range accepts or refuses the changes in it"] = function()
  local child = open()
  child:command("2,6ChatvimAccept")
  equal(child:text(), "top\na\nB\nc\nd\ne\nX\nf\ng\nh\nbottom")
  child:command("%ChatvimRefuse")
  equal(reviews.reason(child), "done")
  equal(child:text(), "top\na\nB\nc\nd\ne\nX\nf\ng\nh\nbottom")
end

T["]c and [c go from change to change"] = function()
  local child = open()
  local rows = {}
  child:command("1")
  for _, keys in ipairs({ "]c", "]c", "]c", "[c", "2[c" }) do
    child:lua("vim.api.nvim_feedkeys(vim.keycode(...), 'xt', false)", keys)
    table.insert(rows, child:api("nvim_win_get_cursor", 0)[1])
  end
  equal(rows, { 3, 7, 8, 7, 3 })
  child:lua("vim.api.nvim_feedkeys('[c', 'xt', false)")
  child:wait_message("there is no change above")
end

T["without a change at the cursor, the keys act on the change that shows them"] = function()
  local child = open()
  press(child, 1, "do")
  equal(child:lines()[3], "B")
  press(child, 10, "dp")
  equal(#reviews.changes(child), 1)
  equal(child:text(), "top\na\nB\nc\nd\ne\nf\ng\nh\nbottom")
end

T["if the change with the keys is off the screen, a sentence says where to go"] = function()
  local child = reviews.edit(("line\n"):rep(200), { screen = true })
  local lines = child:lines()
  lines[150] = "LINE"
  reviews.open(child, 0, 200, lines)
  press(child, 1, "do")
  child:wait_message("there is no change here; ]c goes to the next one")
  equal(child:lines()[150], "line")
  case.expect_part(tostring(screens.take(child)), "there is no change here")
  child:feed("]c")
  equal(child:api("nvim_win_get_cursor", 0)[1], 150)
  child:command("redraw")
  equal(tostring(screens.take(child)):find("there is no change here", 1, true), nil)
end

T["long new lines are wrapped to the narrowest window, also after a resize"] = function()
  local child = reviews.edit("a\n", { screen = true })
  child:command("vsplit | vertical resize 10 | setlocal nonumber signcolumn=no")
  reviews.open(child, 0, 1, { ("日"):rep(8) })
  equal(reviews.drawn(child).new[1].lines, { ("日"):rep(5), ("日"):rep(3) })
  equal(reviews.drawn(child).hints, { "── do acc…" })
  child:command("vertical resize 7 | redraw")
  wait.until_true("the new width", function()
    return #reviews.drawn(child).new[1].lines == 3
  end)
end

T["an empty buffer becomes the text as one change"] = function()
  local child = reviews.edit("")
  reviews.open(child, 0, 1, { "a", "", "b", "" })
  equal(reviews.changes(child), { { first = 0, last = 1, lines = { "a", "", "b", "" } } })
  press(child, 1, "do")
  equal({ child:text(), reviews.reason(child) }, { "a\n\nb\n", "done" })
end

T["a change above line 1 is visible in a window that shows the buffer later"] = function()
  local child = reviews.edit("a\nb\n")
  child:command("set hidden")
  reviews.open(child, 0, 2, { "x", "a", "b" })
  child:command("enew | split | buffer code.lua")
  child:sync()
  equal(child:lua("return vim.fn.winsaveview().topfill"), 2)
end

T["a second review is refused with how to end the first"] = function()
  local child = open()
  equal(
    reviews.open(child, 0, 1, { "x" }),
    "a proposal is being reviewed in this buffer; dP ends that"
  )
  child:command("ChatvimRefuse!")
  equal(reviews.open(child, 0, 1, { "x" }), nil)
end

T["without a review, the commands say so"] = function()
  local child = reviews.edit(TEXT)
  child:command("ChatvimAccept")
  child:wait_message("nothing is being reviewed in this buffer")
end

T["a proposal that changes nothing ends at once"] = function()
  local child = reviews.edit(TEXT)
  reviews.open(child, 1, 3, { "a", "b" })
  equal({ reviews.changes(child), reviews.reason(child) }, { nil, "same" })
end

T["insertions at the first line, the last line and into an empty buffer"] = function()
  local child = reviews.edit("a\nb\n")
  reviews.open(child, 0, 2, { "x", "a", "b", "y" })
  local drawn = reviews.drawn(child)
  equal(drawn.new[1], { row = 0, above = true, lines = { "x" } })
  equal(child:lua("return vim.fn.winsaveview().topfill"), 2)
  child:command("ChatvimAccept!")
  equal(child:text(), "x\na\nb\ny")
  child:command("undo | %delete")
  reviews.open(child, 0, 0, { "new" })
  child:command("ChatvimAccept!")
  equal(child:text(), "new\n")
end

T["the deletion of all lines"] = function()
  local child = reviews.edit("a\nb\n")
  reviews.open(child, 0, 2, {})
  child:command("ChatvimAccept!")
  equal(child:text(), "")
  child:command("undo")
  equal(child:text(), "a\nb")
end

T["keys that the user has mapped stay, and ours go with the review"] = function()
  local child = reviews.edit(TEXT)
  child:command("nnoremap ]c <Cmd>let g:mine = 1<CR>")
  child:command("nnoremap <buffer> dp <Cmd>let g:other = 1<CR>")
  local function maps()
    return child:lua([[
      local list = {}
      for _, map in ipairs(vim.api.nvim_buf_get_keymap(0, "n")) do
        list[map.lhs] = map.rhs
      end
      return list
    ]])
  end
  local before = maps()
  reviews.open(child, 1, 9, NEW)
  local during = maps()
  equal(during["do"], "<Plug>(chatvim-accept)")
  equal({ during["]c"], during.dp }, { nil, before.dp })
  case.expect_part(reviews.drawn(child).hints[1], "do accept · :ChatvimRefuse refuse · dO dP all")
  child:command("ChatvimRefuse!")
  equal(maps(), before)
end

T["without the option keys, nothing is mapped"] = function()
  local child = reviews.edit(TEXT, { options = { keys = false } })
  reviews.open(child, 1, 9, NEW)
  equal(child:api("nvim_buf_get_keymap", 0, "n"), {})
  case.expect_part(reviews.drawn(child).hints[1], ":ChatvimAccept accept · :ChatvimRefuse refuse")
end

T["in 'diff' mode, Vim's own keys stay"] = function()
  local child = open()
  child:command("diffthis | vnew")
  child:api("nvim_buf_set_lines", 0, 0, -1, true, vim.split((TEXT:gsub("\nb", "\nz")), "\n"))
  child:command("diffthis | wincmd p")
  press(child, 3, "do")
  equal(child:lines()[3], "z")
end

T["tabs, control characters, wide ones and very long lines are drawn"] = function()
  local child = reviews.edit("a\n")
  child:command("setlocal tabstop=4")
  reviews.open(child, 0, 1, { "x\ty\27[31m", "日\tz", ("w"):rep(100000) })
  local lines = reviews.drawn(child).new[1].lines
  equal({ lines[1], lines[2] }, { "x   y?[31m", "日  z" })
  equal(#table.concat(lines, "", 3), 2003)
  child:command("ChatvimAccept!")
  equal(child:lines()[1], "x\ty\27[31m")
  equal(#child:lines()[3], 100000)
end

return T
