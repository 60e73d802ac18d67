-- SPDX-License-Identifier: Apache-2.0
-- gf and related keys open the target of an embed.
local case = require("helpers.case")
local gf = require("helpers.gf")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local function errors(child)
  return vim.trim(child:messages():gsub('"[^\n]*"[^\n]*%d+B', ""))
end

T["a path is relative to the chat, with the cursor anywhere on the line"] = function()
  local child = gf.start("  ![the file](a.txt)")
  for column = 0, 18, 3 do
    child:command("edit chats/chat.md")
    child:command(("call cursor(3, %d)"):format(column + 1))
    child:feed("gf")
    eq(gf.where(child), { "chats/a.txt", 1 })
  end
  -- It is one jump back, and registers are unchanged.
  child:feed("<C-o>")
  eq(gf.where(child), { "chats/chat.md", 3 })
  eq(child:lua("return vim.fn.getreg('\"')"), "kept")
  eq(errors(child), "")
end

T["names with spaces and parentheses, percent signs, brackets, a title"] = function()
  local child = gf.start({
    "![](my file (1).txt)",
    "![](my%20file%20(1).txt)",
    "![](<my file (1).txt>)",
    '![](my file (1).txt "a title")',
    "![](notes/../my file \\(1\\).txt)",
  })
  for line = 3, 7 do
    child:command("edit chats/chat.md")
    child:command(tostring(line))
    child:feed("gf")
    eq(gf.where(child), { "chats/my file (1).txt", 1 })
  end
end

T["the home folder and variables"] = function()
  local home = vim.fn.tempname()
  vim.fn.mkdir(home .. "/in", "p")
  home = vim.uv.fs_realpath(home)
  system.write(home .. "/in/h.txt", gf.text)
  local child = gf.start(
    { "![](~/in/h.txt)", "![](${SUB}/h.txt#L2)", "![](~/nothing)", "![]($NONE/x)" },
    { env = { HOME = home, SUB = home .. "/in" } }
  )
  child:command("3")
  child:feed("gf")
  eq(gf.where(child), { home .. "/in/h.txt", 1 })
  child:command("edit chats/chat.md | 4")
  child:feed("gf")
  eq(gf.where(child), { home .. "/in/h.txt", 2 })
  child:command("edit chats/chat.md | 5")
  child:feed("gf")
  child:wait_message("chatvim: ![](~/nothing): there is no such file")
  child:command("6")
  child:feed("gf")
  child:wait_message("![]($NONE/x): the variable NONE is not set")
  eq(gf.where(child), { "chats/chat.md", 6 })
end

T["line ranges: gf and gF go to the first line, unless a file has that name"] = function()
  local child = gf.start({ "![](a.txt#L3-L4)", "![](a.txt#L5)", "![](a.txt#L99)", "![](x#L1)" })
  for _, keys in ipairs({ "gf", "gF", "<C-w>f", "<C-w>gF" }) do
    for line, expected in ipairs({ 3, 5, 6 }) do
      child:command("silent! tabonly | only | edit chats/chat.md")
      child:command(tostring(line + 2))
      child:feed(keys)
      eq(gf.where(child), { "chats/a.txt", expected })
    end
  end
  system.write(child.folder .. "/chats/x", gf.text)
  system.write(child.folder .. "/chats/x#L1", gf.text)
  child:command("silent! tabonly | only | edit chats/chat.md | 6")
  child:feed("gf")
  eq(gf.where(child), { "chats/x#L1", 1 })
end

T["names with characters that are special in Vim's commands"] = function()
  local names = { "a|b.txt", "a%b#c.txt", "a`id`.txt", "[a]*.txt", "$HOME.txt", "a'b\".txt", "+5" }
  local lines = {}
  for _, name in ipairs(names) do
    table.insert(lines, ("![](%s)"):format(name))
  end
  local child = gf.start(lines)
  for line, name in ipairs(names) do
    system.write(child.folder .. "/chats/" .. name, gf.text)
    child:command("edit chats/chat.md |" .. line + 2)
    child:feed("gf")
    eq({ gf.where(child), child:lines()[1] }, { { "chats/" .. name, 1 }, "1" })
  end
end

T["a folder is opened as :edit does it"] = function()
  local child = gf.start({ "![](notes/)", "![](notes)" }, {
    commands = { "let g:loaded_netrw = 1", "let g:loaded_netrwPlugin = 1" },
  })
  child:command("autocmd BufEnter * if isdirectory(expand('<afile>')) | let g:dir = 1 | endif")
  for line = 3, 4 do
    child:command("edit chats/chat.md | let g:dir = 0 |" .. line)
    child:feed("gf")
    eq({ gf.where(child)[1]:gsub("/$", ""), 0 }, { "chats/notes", 0 })
    eq(child:lua("return vim.g.dir"), 1)
  end
end

T["a missing file is reported, and nothing happens"] = function()
  local child = gf.start("![](missing dir/x.txt)")
  child:command("3")
  child:feed("gf")
  child:wait_message("chatvim: ![](missing dir/x.txt): there is no such file, neither in ")
  case.expect_part(child:messages(), "/chats")
  eq(#vim.split(errors(child), "\n"), 1)
  child:feed("<C-w>f")
  eq({ gf.where(child), child:lua("return vim.fn.winnr('$')") }, { { "chats/chat.md", 3 }, 1 })
end

T["targets that are not files: nothing, a pipe, another scheme"] = function()
  local child = gf.start({ "![]()", "![](fifo)", "![](data:image/png;base64,AA)" })
  vim.fn.system({ "mkfifo", child.folder .. "/chats/fifo" })
  local parts = { "it names nothing", "it is a device, a pipe", '"data:" cannot be embedded' }
  for line, part in ipairs(parts) do
    child:command(tostring(line + 2))
    child:feed("gf")
    child:wait_message(part)
    eq(gf.where(child), { "chats/chat.md", line + 2 })
  end
end

T["an address is opened by vim.ui.open"] = function()
  local child = gf.start("![](https://example.org/a%20b.png)")
  child:lua("vim.ui.open = function(url) vim.g.opened = url end")
  child:command("3")
  child:feed("gf")
  eq(child:lua("return vim.g.opened"), "https://example.org/a%20b.png")
  child:lua("vim.ui.open = function() return nil, 'nobody opens this' end")
  child:feed("gf")
  child:wait_message("chatvim: nobody opens this")
  eq(gf.where(child), { "chats/chat.md", 3 })
end

T["a pattern: its matches are offered, a count chooses, a single one is opened"] = function()
  local child = gf.start({ "![](notes/*.md)", "![](notes/**)", "![](*/b.?d)", "![](notes/*.c)" })
  child:lua([[
    vim.ui.select = function(items, options, on_choice)
      vim.g.offered = { options.prompt, vim.tbl_map(options.format_item, items) }
      on_choice(items[2])
    end
  ]])
  child:command("3")
  child:feed("gf")
  wait.until_true("the second match", function()
    return gf.where(child)[1] == "chats/notes/c.md"
  end)
  eq(child:lua("return vim.g.offered"), {
    "Open one of 2 files:",
    { "notes/b.md", "notes/c.md" },
  })
  child:command("edit chats/chat.md | 4")
  child:feed("<C-w>f")
  wait.until_true("the second match in a split", function()
    return child:lua("return vim.fn.winnr('$')") == 2
  end)
  eq(child:lua("return vim.g.offered[2]"), { "notes/b.md", "notes/c.md", "notes/more/d.md" })
  child:command("only | edit chats/chat.md | 3")
  child:feed("2gf")
  eq(gf.where(child)[1], "chats/notes/c.md")
  child:command("edit chats/chat.md | 5")
  child:feed("gf")
  eq(gf.where(child)[1], "chats/notes/b.md")
  child:command("edit chats/chat.md | 6")
  child:feed("gf")
  child:wait_message("![](notes/*.c): nothing matches the pattern")
  child:command("3")
  child:feed("3gf")
  child:wait_message("E347: No more files: the embed leads to 2")
end

T["a count larger than the number of matches"] = function()
  local child = gf.start("![](a.txt)")
  child:command("3")
  child:feed("2gf")
  child:wait_message("E347: No more files: the embed leads to 1")
  child:feed("1gf")
  eq(gf.where(child)[1], "chats/a.txt")
end

return T
