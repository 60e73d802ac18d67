-- SPDX-License-Identifier: Apache-2.0
-- What the user sees of a rewrite and its review.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")
local screens = require("helpers.screens")
local wait = require("helpers.wait")

local T = case.set()

local CODE = [[
local function read(path)
	local file = io.open(path)
	local text = file:read("*a")
	file:close()
	return text
end

local function lines(path)
	return vim.split(read(path), "\n")
end

print(#lines("notes.txt"))
]]

local PIECES = {
  "```lua\nlocal function read(path)\n\tlocal file, err = io.open(path)\n\tif not file then\n",
  "\t\treturn nil, err\n\tend\n",
  '\tlocal text = file:read("*a")\n\tfile:close()\n\treturn text\nend\n\n',
  'local function lines(path)\n\treturn vim.split(read(path) or "", "\\n")\nend\n```\n',
}

---@param script table[]
---@return tests.Child
local function start(script)
  local child = case.child({ screen = true, env = { NVIM_TEST = "1" } })
  case.standin:script(script)
  files.write(child.folder .. "/code.lua", CODE)
  child:command("edit code.lua | setlocal tabstop=4 | call cursor(1, 1)")
  child:command("1,10ChatvimRewrite Handle errors.")
  return child
end

T["a rewrite in progress"] = function()
  local child = start({ replies.gated(PIECES) })
  wait.until_true("the first lines", function()
    return #reviews.drawn(child).new > 0
  end)
  wait.until_true("the progress", function()
    return reviews.progress(child):find("writing", 1, true)
  end)
  child:command("normal! 2G")
  screens.expect(child, "rewrite-progress")
end

T["changes, one accepted, one in conflict"] = function()
  local child = start({ replies.answer(table.concat(PIECES)) })
  reviews.wait_complete(child)
  child:command("normal! 2G")
  screens.expect(child, "review")
  child:command("ChatvimAccept")
  screens.expect(child, "review-accepted")
  child:command("12substitute/$/ -- mine/")
  screens.expect(child, "review-conflict")
  child:command("messages clear | redraw | ChatvimRefuse")
  screens.expect(child, "review-over")
end

T["an insertion above the first line, and a split that looks elsewhere"] = function()
  local child = case.child({ screen = true, env = { NVIM_TEST = "1" } })
  files.write(child.folder .. "/code.lua", CODE .. ("-- more\n"):rep(40))
  child:command("edit code.lua | setlocal tabstop=4")
  child:command("split | normal! 30Gzt")
  child:command("wincmd p | call cursor(1, 1)")
  local lines = child:lines()
  table.insert(lines, 1, "-- 日本 \27 a line that is longer than the window: " .. ("w"):rep(60))
  reviews.open(child, 0, #lines - 1, lines)
  screens.expect(child, "review-top")
end

--- Returns the rows of the screen with text, down to the first line below the buffer.
---@param child tests.Child
---@return string[]
local function rows(child)
  local found = {}
  for _, cells in ipairs(screens.take(child).text) do
    local text = vim.trim(table.concat(cells))
    if text == "~" then
      break
    end
    table.insert(found, text)
  end
  return found
end

T["nothing of the last change stays on the screen after it"] = function()
  for _, keys in ipairs({ "do", "dp", "dP" }) do
    local child = reviews.edit("1\n2\n3\n4\n5\n6\n", { screen = true, env = { NVIM_TEST = "1" } })
    child:command("2")
    reviews.open(child, 0, 6, { "1", "two", "three", "4", "5", "6" })
    MiniTest.expect.equality(#rows(child), 9)
    child:type(keys)
    reviews.wait_over(child)
    MiniTest.expect.equality(rows(child), child:lines())
    child:stop()
  end
end

T["without 'wrap', the keys stay on the screen when it scrolls sideways"] = function()
  local child = reviews.edit("1\n2\n3\n4\n5\n", { screen = true, env = { NVIM_TEST = "1" } })
  child:command("set nowrap sidescroll=1 | 2")
  reviews.open(child, 0, 3, { "1", "abcdefgh", "ijklmnop", "3" })
  for _, command in ipairs({ "set wrap", "set nowrap", "silent call append(0, 'x')" }) do
    child:command(command .. " | doautocmd CursorMoved")
    child:sync()
    local found = rows(child)
    table.remove(found, found[1] == "x" and 1 or 12)
    MiniTest.expect.equality(vim.list_slice(found, 2, 6), {
      "2",
      "── do accept · dp refuse · dO dP all · 1 of 1",
      "abcdefgh",
      "ijklmnop",
      "3",
    })
  end
  child:command("silent call setline(6, repeat('5', 200)) | 6")
  child:command("call winrestview({ 'leftcol': 4, 'col': 10 })")
  if vim.fn.has("nvim-0.11") == 1 then
    local found = rows(child)
    case.expect_part(found[4], "── do accept · dp refuse")
    MiniTest.expect.equality({ found[5], found[6] }, { "efgh", "mnop" })
  end
end

return T
