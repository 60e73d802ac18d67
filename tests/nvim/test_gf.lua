-- SPDX-License-Identifier: Apache-2.0
-- gf and related keys open the target of an embed, and are Vim's own everywhere else.
local case = require("helpers.case")
local environment = require("helpers.environment")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local LINES = "1\n2\n3\n4\n5\n6\n"

--- Starts a child with a chat in its own folder, and a different working folder that has files of
--- the same names.
---@param line string|string[] of the chat, where the cursor is
---@param options? tests.ChildOptions
local function start(line, options)
  local child = case.child(options)
  vim.fn.mkdir(child.folder .. "/chats/notes/more", "p")
  for path, text in pairs({
    ["chats/a.txt"] = LINES,
    ["chats/my file (1).txt"] = LINES,
    ["chats/notes/b.md"] = LINES,
    ["chats/notes/c.md"] = LINES,
    ["chats/notes/more/d.md"] = LINES,
    ["a.txt"] = "of the working folder\n",
  }) do
    system.write(child.folder .. "/" .. path, text)
  end
  child:command("cd " .. vim.fn.fnameescape(child.folder))
  local lines = vim.islist(line) and line or { line }
  child:chat(
    "# === USER ===\n\n" .. table.concat(lines --[[@as string[] ]], "\n") .. "\n",
    "chats/chat.md"
  )
  child:lua("vim.fn.setreg('\"', 'kept')")
  return child
end

--- Returns the current file of a child, relative to its folder, and the cursor's line.
local function where(child)
  local name = child:api("nvim_buf_get_name", 0)
  child.folder = vim.uv.fs_realpath(child.folder)
  if vim.startswith(name, child.folder .. "/") then
    name = name:sub(#child.folder + 2)
  end
  return { name, child:lua("return vim.fn.line('.')") }
end

local function errors(child)
  return vim.trim(child:messages():gsub('"[^\n]*"[^\n]*%d+B', ""))
end

T["a line is read as the program reads it"] = function()
  local cases = vim.json.decode(system.read(environment.data .. "/embed-targets.json"))
  local child = case.child({ env = { HOME = "/h/me", DIR = "/d", ODD = "/o[1]*", EMPTY = "" } })
  local function call(code, argument)
    return child:lua("local link, target = ... " .. code, argument)
  end
  for _, one in ipairs(cases.embeds) do
    local read = call("return { require('chatvim.embed.image_link').read(link) }", one.line)
    eq({ one.line, read }, { one.line, { one.target, one.label } })
  end
  for _, line in ipairs(cases.others) do
    local read = call("return { require('chatvim.embed.image_link').read(link) }", line)
    eq({ line, read }, { line, {} })
  end
  local parse = "return { require('chatvim.embed.target').parse(link, '/c/chat') }"
  for _, one in ipairs(cases.paths) do
    local read = call(parse, one.target)[1]
    local means = vim.tbl_map(function(candidate)
      local path = candidate.path
      return candidate.line and { path, candidate.line, candidate.last } or path
    end, read.candidates)
    eq({ one.target, means, read.pattern }, { one.target, one.means, one.pattern })
  end
  for _, target in ipairs(cases.errors) do
    local read = call(parse, target)
    eq({ target, read[1], type(read[2]) }, { target, vim.NIL, "string" })
  end
  for _, target in ipairs(cases.addresses) do
    eq(call(parse, target)[1].address, target)
  end
end

T["a path is relative to the chat, with the cursor anywhere on the line"] = function()
  local child = start("  ![the file](a.txt)")
  for column = 0, 18, 3 do
    child:command("edit chats/chat.md")
    child:command(("call cursor(3, %d)"):format(column + 1))
    child:feed("gf")
    eq(where(child), { "chats/a.txt", 1 })
  end
  -- It is one jump back, and registers are unchanged.
  child:feed("<C-o>")
  eq(where(child), { "chats/chat.md", 3 })
  eq(child:lua("return vim.fn.getreg('\"')"), "kept")
  eq(errors(child), "")
end

T["names with spaces and parentheses, percent signs, brackets, a title"] = function()
  local child = start({
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
    eq(where(child), { "chats/my file (1).txt", 1 })
  end
end

T["the home folder and variables"] = function()
  local home = vim.fn.tempname()
  vim.fn.mkdir(home .. "/in", "p")
  home = vim.uv.fs_realpath(home)
  system.write(home .. "/in/h.txt", LINES)
  local child = start(
    { "![](~/in/h.txt)", "![](${SUB}/h.txt#L2)", "![](~/nothing)", "![]($NONE/x)" },
    { env = { HOME = home, SUB = home .. "/in" } }
  )
  child:command("3")
  child:feed("gf")
  eq(where(child), { home .. "/in/h.txt", 1 })
  child:command("edit chats/chat.md | 4")
  child:feed("gf")
  eq(where(child), { home .. "/in/h.txt", 2 })
  child:command("edit chats/chat.md | 5")
  child:feed("gf")
  child:wait_message('chatvim: E447: Can\'t find file "~/nothing"')
  child:command("6")
  child:feed("gf")
  child:wait_message('E447: Can\'t find file "$NONE/x" here: the variable NONE is not set')
  eq(where(child), { "chats/chat.md", 6 })
end

T["line ranges: gf and gF go to the first line, unless a file has that name"] = function()
  local child = start({ "![](a.txt#L3-L4)", "![](a.txt#L5)", "![](a.txt#L99)", "![](x#L1)" })
  for _, keys in ipairs({ "gf", "gF", "<C-w>f", "<C-w>gF" }) do
    for line, expected in ipairs({ 3, 5, 6 }) do
      child:command("silent! tabonly | only | edit chats/chat.md")
      child:command(tostring(line + 2))
      child:feed(keys)
      eq(where(child), { "chats/a.txt", expected })
    end
  end
  system.write(child.folder .. "/chats/x", LINES)
  system.write(child.folder .. "/chats/x#L1", LINES)
  child:command("silent! tabonly | only | edit chats/chat.md | 6")
  child:feed("gf")
  eq(where(child), { "chats/x#L1", 1 })
end

T["in a split, in a tab page, with 'switchbuf'"] = function()
  local child = start("![](a.txt#L2)")
  local function windows()
    return child:lua("return { vim.fn.tabpagenr('$'), vim.fn.winnr('$'), vim.fn.winnr('#') }")
  end
  child:command("3")
  for _, keys in ipairs({ "<C-w>f", "<C-w>F", "<C-w><C-f>" }) do
    child:feed(keys)
    eq({ where(child), windows() }, { { "chats/a.txt", 2 }, { 1, 2, 2 } })
    child:command("close")
  end
  for _, keys in ipairs({ "<C-w>gf", "<C-w>gF" }) do
    child:feed(keys)
    eq({ where(child), windows() }, { { "chats/a.txt", 2 }, { 2, 1, 0 } })
    child:command("tabclose")
  end
  child:command("set switchbuf=useopen | split chats/a.txt | wincmd p")
  child:feed("<C-w>f")
  eq({ where(child), windows() }, { { "chats/a.txt", 2 }, { 1, 2, 2 } })
  child:command("only | tabnew chats/chat.md | 3")
  child:feed("<C-w>f")
  eq(windows(), { 2, 2, 2 })
  child:command("close | set switchbuf=usetab")
  child:feed("<C-w>f")
  eq({ where(child), windows() }, { { "chats/a.txt", 2 }, { 2, 1, 0 } })
end

T["a folder is opened as :edit does it"] = function()
  local child = start({ "![](notes/)", "![](notes)" }, {
    commands = { "let g:loaded_netrw = 1", "let g:loaded_netrwPlugin = 1" },
  })
  child:command("autocmd BufEnter * if isdirectory(expand('<afile>')) | let g:dir = 1 | endif")
  for line = 3, 4 do
    child:command("edit chats/chat.md | let g:dir = 0 |" .. line)
    child:feed("gf")
    eq({ where(child)[1]:gsub("/$", ""), 0 }, { "chats/notes", 0 })
    eq(child:lua("return vim.g.dir"), 1)
  end
end

T["a missing file gives the same message as in Vim, and nothing happens"] = function()
  local child = start("![](missing dir/x.txt)")
  child:command("3")
  child:feed("gf")
  child:wait_message('chatvim: E447: Can\'t find file "missing dir/x.txt" in ')
  case.expect_part(child:messages(), "/chats")
  eq(#vim.split(errors(child), "\n"), 1)
  child:feed("<C-w>f")
  eq({ where(child), child:lua("return vim.fn.winnr('$')") }, { { "chats/chat.md", 3 }, 1 })
end

T["targets that are not files: nothing, a pipe, another scheme"] = function()
  local child = start({ "![]()", "![](fifo)", "![](data:image/png;base64,AA)" })
  vim.fn.system({ "mkfifo", child.folder .. "/chats/fifo" })
  for line, part in ipairs({ "it names nothing", '"fifo" is a device', '"data:" is neither' }) do
    child:command(tostring(line + 2))
    child:feed("gf")
    child:wait_message(part)
    eq(where(child), { "chats/chat.md", line + 2 })
  end
end

T["an address is opened by vim.ui.open"] = function()
  local child = start("![](https://example.org/a b.png)")
  child:lua("vim.ui.open = function(url) vim.g.opened = url end")
  child:command("3")
  child:feed("gf")
  eq(child:lua("return vim.g.opened"), "https://example.org/a b.png")
  child:lua("vim.ui.open = function() return nil, 'nobody opens this' end")
  child:feed("gf")
  child:wait_message("chatvim: nobody opens this")
  eq(where(child), { "chats/chat.md", 3 })
end

T["a pattern: its matches are offered, a count chooses, a single one is opened"] = function()
  local child = start({ "![](notes/*.md)", "![](notes/**)", "![](*/b.?d)", "![](notes/*.c)" })
  child:lua([[
    vim.ui.select = function(items, options, on_choice)
      vim.g.offered = { options.prompt, vim.tbl_map(options.format_item, items) }
      on_choice(items[2])
    end
  ]])
  child:command("3")
  child:feed("gf")
  wait.until_true("the second match", function()
    return where(child)[1] == "chats/notes/c.md"
  end)
  eq(child:lua("return vim.g.offered"), {
    "Open (2 files match notes/*.md):",
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
  eq(where(child)[1], "chats/notes/c.md")
  child:command("edit chats/chat.md | 5")
  child:feed("gf")
  eq(where(child)[1], "chats/notes/b.md")
  child:command("edit chats/chat.md | 6")
  child:feed("gf")
  child:wait_message('E447: Can\'t find file "notes/*.c": nothing matches the pattern')
  child:command("3")
  child:feed("3gf")
  child:wait_message('E347: No more file "notes/*.md" found in path')
end

T["patterns match as the program's do"] = function()
  local child = case.child()
  for _, one in ipairs({
    { "*.c", "a.c", true },
    { "*.c", "a.h", false },
    { "a?", "ab", true },
    { "a?", "a", false },
    { "[a-c]x", "bx", true },
    { "[!a-c]x", "bx", false },
    { "[^a-c]x", "dx", true },
    { "[]x]", "]", true },
    { "[[:digit:]_]", "7", true },
    { "[[:digit:]_]", "a", false },
    { "[[:nothing:]a]", "a", false },
    { "[a", "[a", false },
    { "[a-]", "-", true },
    { "\\*", "*", true },
    { "\\*", "a", false },
    { "a{b,c}", "ab", false },
    { "`id`*", "`id`x", true },
    { "*a*b*", "xxaxxbxx", true },
    { "*a*b", "xxaxxbxx", false },
    { ("*a"):rep(30), ("a"):rep(200) .. "b", false },
  }) do
    local found = child:lua(
      [[
      local pattern, name = ...
      local glob = require("chatvim.embed.glob")
      return glob.matches(glob.tokens(pattern), name)
    ]],
      one[1],
      one[2]
    )
    eq({ one[1], one[2], found }, one)
  end
end

T["on other lines gf is Vim's, with its count"] = function()
  local child = start({
    "see notes/b.md here",
    "a.txt ![](notes/b.md)",
    "",
    "```",
    "![](../a.txt)",
    "```",
    "",
    "# === ASSISTANT ===",
    "",
    "![a.txt](notes/b.md)",
  })
  child:command("3 | normal! 05l")
  child:feed("gf")
  eq(where(child), { "chats/notes/b.md", 1 })
  child:command("edit chats/chat.md | 4 | normal! 0")
  child:feed("gf")
  eq(where(child)[1], "chats/a.txt")
  child:command("edit chats/chat.md | set path=.,, | 4 | normal! 0")
  child:feed("2gf")
  eq(where(child)[1], "a.txt")
  child:command("edit chats/chat.md | 4 | normal! 0")
  child:feed("<C-w>gf")
  eq({ where(child)[1], child:lua("return vim.fn.tabpagenr('$')") }, { "chats/a.txt", 2 })
  -- In code blocks and answers such a line is plain text.
  child:command("tabonly | edit chats/chat.md | 7 | normal! 0fa")
  child:feed("gf")
  eq(where(child)[1], "a.txt")
  child:command("edit chats/chat.md | 12 | normal! 0fa")
  child:feed("gf")
  eq(where(child)[1], "chats/a.txt")
  child:command("edit chats/chat.md | 5")
  case.expect_part(child:lua("return select(2, pcall(vim.cmd, 'normal gf'))"), "E446: No file name")
end

T["a count larger than the number of matches"] = function()
  local child = start("![](a.txt)")
  child:command("3")
  child:feed("2gf")
  child:wait_message('E347: No more file "a.txt" found in path')
  child:feed("1gf")
  eq(where(child)[1], "chats/a.txt")
end

T["a modified chat with 'nohidden' is not left, with Vim's own error"] = function()
  local child = start("![](a.txt)", { screen = true })
  child:command("set nohidden")
  child:feed("ggOmore<Esc>3j")
  local before = child:lines()
  child:type("gf")
  child:wait_message("E37: No write since last change")
  eq({ where(child), child:lines() }, { { "chats/chat.md", 4 }, before })
  eq(child:lua("return vim.bo.modified"), true)
  eq(child:api("nvim_get_mode"), { mode = "n", blocking = false })
  child:type("<C-w>f")
  wait.until_true("the split", function()
    return where(child)[1] == "chats/a.txt"
  end)
  child:command("close | set hidden")
  child:type("gf")
  wait.until_true("the file", function()
    return where(child)[1] == "chats/a.txt"
  end)
  eq(child:lines(child:lua("return vim.fn.bufnr('chat.md')")), before)
end

T["'autowrite' and 'confirm' work as for gf"] = function()
  local child = start("![](a.txt)", { screen = true })
  child:command("set nohidden autowrite")
  child:feed("ggOmore<Esc>3j")
  child:feed("gf")
  eq(where(child)[1], "chats/a.txt")
  eq(vim.split(system.read(child.folder .. "/chats/chat.md"), "\n")[1], "more")
  child:command("set noautowrite confirm | edit chats/chat.md")
  child:feed("ggOagain<Esc>4j")
  child:type("gf")
  wait.until_true("the question", function()
    return child:api("nvim_get_mode").mode == "r?"
  end)
  child:type("n")
  wait.until_true("the file", function()
    return child:api("nvim_get_mode").mode == "n" and where(child)[1] == "chats/a.txt"
  end)
end

T["the last cursor position in a file that is no longer loaded, as with gf"] = function()
  local child = start({ "![](a.txt)", "![](a.txt#L2)" })
  child:command("set nohidden | 3")
  child:feed("gf")
  child:command("normal! 4Gl")
  child:command("edit chats/chat.md | 3")
  child:feed("gf")
  eq(where(child), { "chats/a.txt", 4 })
  child:command("edit chats/chat.md | 4")
  child:feed("gf")
  eq(where(child), { "chats/a.txt", 2 })
end

T["names with characters that are special in Vim's commands"] = function()
  local names = { "a|b.txt", "a%b#c.txt", "a`id`.txt", "[a]*.txt", "$HOME.txt", "a'b\".txt", "+5" }
  local lines = {}
  for _, name in ipairs(names) do
    table.insert(lines, ("![](%s)"):format(name))
  end
  local child = start(lines)
  for line, name in ipairs(names) do
    system.write(child.folder .. "/chats/" .. name, LINES)
    child:command("edit chats/chat.md |" .. line + 2)
    child:feed("gf")
    eq({ where(child), child:lines()[1] }, { { "chats/" .. name, 1 }, "1" })
  end
end

T["a map of the user's stays, whenever it was created"] = function()
  local own = "let g:mine = get(g:, 'mine', 0) + v:count1<CR>"
  local child = start("![](a.txt)", {
    commands = {
      "nnoremap gf <Cmd>" .. own,
      "autocmd FileType markdown nnoremap <buffer> <C-w>f <Cmd>" .. own,
    },
  })
  child:command("3")
  child:feed("gf<C-w>f")
  eq({ where(child), child:lua("return vim.g.mine") }, { { "chats/chat.md", 3 }, 2 })
  -- A map that is created later is found when the key is typed.
  child:command("nnoremap gF <Cmd>" .. own)
  child:feed("4gF")
  eq({ where(child), child:lua("return vim.g.mine") }, { { "chats/chat.md", 3 }, 6 })
  eq(child:lua("return vim.fn.maparg('gF', 'n', false, true).buffer"), 0)
  child:command("nunmap gF")
  child:feed("<C-w>gf")
  eq(where(child)[1], "chats/a.txt")
end

T["keys = false, and <Plug> maps of one's own"] = function()
  local child = start("![](notes/b.md)", {
    options = { keys = false },
    commands = { "nmap <F5> <Plug>(chatvim-gf)", "nmap gf <Plug>(chatvim-gf)" },
  })
  eq(child:lua("return vim.fn.maparg('<C-w>f', 'n')"), "")
  for _, keys in ipairs({ "<F5>", "gf" }) do
    child:command("edit chats/chat.md | 3 | normal! 0")
    child:feed(keys)
    eq(where(child)[1], "chats/notes/b.md")
  end
  child:command("edit chats/chat.md | call setline(3, 'a.txt') | write")
  child:feed("<F5>")
  eq(where(child)[1], "chats/a.txt")
end

T["in markdown that is not a chat: existing targets, else Vim's own"] = function()
  local child = start("")
  system.write(child.folder .. "/chats/plain.md", "![](my file (1).txt)\n![](missing.txt)\n")
  child:command("edit chats/plain.md | 1")
  child:feed("gf")
  eq(where(child)[1], "chats/my file (1).txt")
  child:command("edit chats/plain.md | 2 | normal! 0fm")
  local text = child:lua("return select(2, pcall(vim.cmd, 'normal gf'))")
  case.expect_part(text, 'E447: Can\'t find file "missing.txt" in path')
end

T["the manual has every key of Vim's own"] = function()
  local child = case.child()
  local help = system.read(environment.root .. "/doc/chatvim.txt")
  for _, key in ipairs(child:lua("return require('chatvim.keys').vim_keys")) do
    local lhs = key.lhs:gsub("<C%-W>", "CTRL-W_"):gsub("<C%-F>", "CTRL-F")
    case.expect_part(help, ("|%s|"):format(lhs))
    case.expect_part(help, ("*<Plug>(chatvim-%s)*"):format(key.plug))
  end
end

return T
