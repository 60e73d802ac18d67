-- SPDX-License-Identifier: Apache-2.0
-- Motions between messages; messages and code blocks as text objects.
local case = require("helpers.case")
local eq = MiniTest.expect.equality

local T = case.set()

local CHAT = [[
+++
model = "m1"
+++
first question

# === ASSISTANT ===

An answer.

```lua
local x = 1

local y = 2
```

The end.

# === USER ===


second question


# === ASSISTANT ===

<details><summary>Reasoning</summary>

~~~
unclosed

</details>

    ````md
    ```
    inner
    ```
    ````

```
never closed

# === USER ===

]]

local function start(options)
  local child = case.child(options)
  child:chat(CHAT)
  child:feed("gg0")
  child:lua("vim.fn.setreg('\"', 'kept')")
  return child
end

local function line(child)
  return child:api("nvim_win_get_cursor", 0)[1]
end

--- Line numbers of the messages in the chat.
local FIRST, ANSWER, SECOND, THIRD, LAST = 4, 6, 18, 24, 42

T["]m and [m go from message to message, with a count, and stop at the ends"] = function()
  local child = start()
  local lines = {}
  for _ = 1, 6 do
    child:feed("]m")
    table.insert(lines, line(child))
  end
  eq(lines, { FIRST, ANSWER, SECOND, THIRD, LAST, LAST })
  child:feed("G")
  lines = {}
  for _ = 1, 6 do
    child:feed("[m")
    table.insert(lines, line(child))
  end
  eq(lines, { LAST, THIRD, SECOND, ANSWER, FIRST, FIRST })
  child:feed("3]m")
  eq(line(child), THIRD)
  child:feed("2[m")
  eq(line(child), ANSWER)
  child:feed("99]m")
  eq(line(child), LAST)
  -- Inside a message, [m goes to that message's beginning, as [[ does.
  child:feed("10G[m")
  eq(line(child), ANSWER)
  child:feed("6G$[m")
  eq(child:api("nvim_win_get_cursor", 0), { ANSWER, 0 })
  case.expect_calm(child)
end

T["they add to the jump list only if they move"] = function()
  local child = start()
  child:command("clearjumps")
  child:feed("2G")
  child:command("clearjumps")
  child:feed("]m]m")
  child:feed("<C-o>")
  eq(line(child), FIRST)
  child:feed("<C-o>")
  eq(line(child), 2)
  child:feed("G")
  child:command("clearjumps")
  child:feed("]m")
  eq(child:lua("return #vim.fn.getjumplist()[1]"), 0)
end

T["they extend a selection, and work with operators"] = function()
  local child = start()
  child:feed("10Gv]md")
  eq({ child:lines()[10], child:lines()[12] }, { " === USER ===", "" })
  child:feed("u")
  -- The delimiter stays, so the next message is intact.
  child:feed("10Gd]m")
  eq(vim.list_slice(child:lines(), 6, 11), {
    "# === ASSISTANT ===",
    "",
    "An answer.",
    "",
    "# === USER ===",
    "",
  })
  child:feed("u10Gd[m")
  eq(child:lines()[6], "```lua")
  child:feed("u4Gd2]m")
  eq(child:lines()[4], "# === USER ===")
  child:feed("u")
  eq(child:text(), CHAT:gsub("\n$", ""))
end

T["an operator without a message to go to does nothing"] = function()
  local child = start()
  child:lua("vim.fn.setreg('\"', 'kept')")
  local before = child:text()
  for _, keys in ipairs({ "Gd]m", "Gc]m", "Gy]m", "G>]m", "GgU]m", "ggd[m" }) do
    child:feed(keys)
    eq({ keys, child:text(), child:api("nvim_get_mode").mode }, { keys, before, "n" })
    eq({ keys, child:lua("return vim.fn.getreg('\"')") }, { keys, "kept" })
  end
  case.expect_calm(child)
end

T["im and am: a message with and without its delimiter"] = function()
  local child = start()
  local function yanked(keys)
    child:feed(keys)
    return child:lua("return { vim.fn.getreg('\"'), vim.fn.getregtype('\"') }")
  end
  eq(yanked("4Gyim"), { "first question\n", "V" })
  eq(yanked("20Gyim"), { "second question\n", "V" })
  eq(yanked("21Gyim"), { "second question\n", "V" })
  -- Also with the cursor on its delimiter.
  eq(yanked("18Gyim"), { "second question\n", "V" })
  eq(yanked("18Gyam"), { "# === USER ===\n\n\nsecond question\n\n\n", "V" })
  eq(yanked("4Gyam"), { "first question\n\n", "V" })
  eq(yanked("12Gyim")[1]:match("^An answer.\n.*The end.\n$") ~= nil, true)
  -- A count selects that many messages.
  eq(yanked("4Gy2am")[1]:match("^first question\n.*The end%.\n\n$") ~= nil, true)
  eq(yanked("4G2yim")[1]:match("^first question\n.*The end%.\n$") ~= nil, true)
  child:feed("21Gvimy")
  eq(child:lua("return vim.fn.getreg('\"')"), "second question\n")
  child:feed("21G<C-v>amy")
  eq(child:lua("return vim.fn.getregtype('\"')"), "V")
  child:feed("21GVamd")
  eq(child:lines()[18], "# === ASSISTANT ===")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["im and am again: extends to the next message"] = function()
  local child = start()
  local lines = child:lines()
  local count = #lines
  local function selected(keys)
    child:feed("<Esc>" .. keys .. "<Esc>")
    return child:lua('return { vim.fn.line("\'<"), vim.fn.line("\'>") }')
  end
  eq(selected("ggjjjvam"), { 4, 5 })
  eq(selected("ggjjjvamam"), { 4, 17 })
  eq(selected("ggjjjvamamam"), { 4, 23 })
  eq(selected("ggjjjvam2am"), { 4, 23 })
  eq(selected("ggjjjvamamamamamamam"), { 4, count })
  -- The text of an answer, then also that of the question below it.
  eq(selected("8Gvim"), { 8, 16 })
  eq(selected("8Gvimim"), { 8, 21 })
  eq(selected("8Gvimam"), { 6, 17 })
  -- A selection that ends elsewhere is replaced by the message.
  eq(selected("10GVjam"), { 6, 17 })
end

T["ic and ac: a code block within one message, closed or not"] = function()
  local child = start()
  local function yanked(keys)
    child:lua("vim.fn.setreg('\"', 'kept')")
    child:feed(keys)
    return child:lua("return vim.fn.getreg('\"')")
  end
  local lua = "local x = 1\n\nlocal y = 2\n"
  for _, number in ipairs({ 10, 11, 12, 13, 14 }) do
    eq({ number, yanked(number .. "Gyic") }, { number, lua })
    eq({ number, yanked(number .. "Gyac") }, { number, "```lua\n" .. lua .. "```\n" })
  end
  eq({ yanked("9Gyic"), yanked("15Gyac"), yanked("2Gyic") }, { "kept", "kept", "kept" })
  -- A block left open in the reasoning ends with it.
  eq(yanked("29Gyac"), "~~~\nunclosed\n")
  -- A longer fence may contain shorter ones.
  eq(yanked("35Gyic"), "    ```\n    inner\n    ```\n")
  -- A block that is never closed ends with the message.
  eq(yanked("40Gyac"), "```\nnever closed\n")
  eq(yanked("40Gyic"), "never closed\n")
  eq(yanked("42Gyic"), "kept")
  child:feed("11Gvicd")
  eq(vim.list_slice(child:lines(), 10, 11), { "```lua", "```" })
end

T["fences are those of CommonMark, with any indentation"] = function()
  local child = case.child()
  local function block(text, number)
    child:chat("# === USER ===\n" .. text, "fences.md")
    child:lua("vim.fn.setreg('\"', 'none')")
    child:feed(number .. "Gyac")
    local found = child:lua("return vim.fn.getreg('\"')")
    child:command("bwipeout!")
    return found
  end
  eq(block("~~~ a ` b\nx\n~~~", 3), "~~~ a ` b\nx\n~~~\n")
  eq(block("``` a ` b\nx\n", 3), "none")
  eq(block("```\nx\n``` no\ny\n`````", 4), "```\nx\n``` no\ny\n`````\n")
  eq(block("````\nx\n```\ny\n````", 5), "````\nx\n```\ny\n````\n")
  eq(block("```\nx\n~~~\ny\n```", 5), "```\nx\n~~~\ny\n```\n")
  eq(block("\t```\nx\n      ``` \nz", 3), "\t```\nx\n      ``` \n")
  eq(block("\t```\nx\n      ``` \nz", 5), "none")
  eq(block("``\nx\n``", 3), "none")
  eq(block("```\na\n```\ntext\n```\nb\n```", 5), "none")
  eq(block("```\na\n```\ntext\n```\nb\n```", 7), "```\nb\n```\n")
end

T["if there is none, or it is empty: one message and no change"] = function()
  local child = start()
  child:feed("Go# === ASSISTANT ===<CR><CR>```<CR>```<Esc>")
  local before = child:text()
  child:command([[let @" = 'kept']])
  for keys, message in pairs({
    ["2Gdim"] = "the front matter is no message",
    ["2Gcam"] = "the front matter is no message",
    ["42Gdim"] = "this message has no text",
    ["4Gcic"] = "there is no code block here",
    ["4G>ac"] = "there is no code block here",
    ["Gyic"] = "this code block is empty",
    ["2Gvim"] = "the front matter is no message",
    ["4Gvac"] = "there is no code block here",
  }) do
    child:command("messages clear")
    child:feed(keys)
    child:sync()
    eq({ keys, vim.trim(child:messages()) }, { keys, "chatvim: " .. message })
    eq({ keys, child:text(), child:lua("return vim.fn.getreg('\"')") }, { keys, before, "kept" })
    child:feed("<Esc>")
  end
end

T["they repeat with . and a count"] = function()
  local child = start()
  child:feed("20Gdim")
  eq(child:lines()[21], "")
  child:feed("4G.")
  eq(child:lines()[4], "")
  child:feed("uu")
  child:feed("11Gdac")
  child:feed("30G.")
  eq(vim.tbl_contains(child:lines(), "    inner"), false)
  child:feed("uu")
  eq(child:text(), CHAT:gsub("\n$", ""))
  child:feed("4Gd]m.")
  eq(child:lines()[4], "# === USER ===")
  child:feed("uu")
  -- Repeat where there is no code block.
  child:feed("11Gcicnew<Esc>")
  eq(child:lines()[11], "new")
  local before = child:text()
  child:feed("4G.")
  eq({ child:text(), child:api("nvim_get_mode").mode }, { before, "n" })
  child:feed("11G>ic4G.")
  eq({ child:lines()[4], child:lines()[11] }, { "first question", "    new" })
end

T["they are also <Plug> maps, and do not replace a map of the user's"] = function()
  local child = start({ options = { keys = false }, commands = { "nnoremap ]m :echo 1<CR>" } })
  child:command("nmap gn <Plug>(chatvim-next)")
  child:command("omap iz <Plug>(chatvim-message-inner)")
  child:feed("gggngn")
  eq(line(child), ANSWER)
  child:feed("4Gdiz")
  eq(child:lines()[4], "")
  eq(child:lua("return vim.fn.maparg(']m', 'n')"), ":echo 1<CR>")
  eq(child:lua("return vim.fn.maparg('im', 'o')"), "")
end

return T
