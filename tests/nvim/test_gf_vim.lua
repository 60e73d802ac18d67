-- SPDX-License-Identifier: Apache-2.0
-- gf and related keys behave like Vim's own, and are Vim's own if there is no embed.
local case = require("helpers.case")
local environment = require("helpers.environment")
local gf = require("helpers.gf")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

T["in a split, in a tab page, with 'switchbuf'"] = function()
  local child = gf.start("![](a.txt#L2)")
  local function windows()
    return child:lua("return { vim.fn.tabpagenr('$'), vim.fn.winnr('$'), vim.fn.winnr('#') }")
  end
  child:command("3")
  for _, keys in ipairs({ "<C-w>f", "<C-w>F", "<C-w><C-f>" }) do
    child:feed(keys)
    eq({ gf.where(child), windows() }, { { "chats/a.txt", 2 }, { 1, 2, 2 } })
    child:command("close")
  end
  for _, keys in ipairs({ "<C-w>gf", "<C-w>gF" }) do
    child:feed(keys)
    eq({ gf.where(child), windows() }, { { "chats/a.txt", 2 }, { 2, 1, 0 } })
    child:command("tabclose")
  end
  child:command("set switchbuf=useopen | split chats/a.txt | wincmd p")
  child:feed("<C-w>f")
  eq({ gf.where(child), windows() }, { { "chats/a.txt", 2 }, { 1, 2, 2 } })
  child:command("only | tabnew chats/chat.md | 3")
  child:feed("<C-w>f")
  eq(windows(), { 2, 2, 2 })
  child:command("close | set switchbuf=usetab")
  child:feed("<C-w>f")
  eq({ gf.where(child), windows() }, { { "chats/a.txt", 2 }, { 2, 1, 0 } })
end

T["on other lines gf is Vim's, with its count"] = function()
  local child = gf.start({
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
  eq(gf.where(child), { "chats/notes/b.md", 1 })
  child:command("edit chats/chat.md | 4 | normal! 0")
  child:feed("gf")
  eq(gf.where(child)[1], "chats/a.txt")
  child:command("edit chats/chat.md | set path=.,, | 4 | normal! 0")
  child:feed("2gf")
  eq(gf.where(child)[1], "a.txt")
  child:command("edit chats/chat.md | 4 | normal! 0")
  child:feed("<C-w>gf")
  eq({ gf.where(child)[1], child:lua("return vim.fn.tabpagenr('$')") }, { "chats/a.txt", 2 })
  -- In code blocks and answers such a line is plain text.
  child:command("tabonly | edit chats/chat.md | 7 | normal! 0fa")
  child:feed("gf")
  eq(gf.where(child)[1], "a.txt")
  child:command("edit chats/chat.md | 12 | normal! 0fa")
  child:feed("gf")
  eq(gf.where(child)[1], "chats/a.txt")
  child:command("edit chats/chat.md | 5")
  case.expect_part(child:lua("return select(2, pcall(vim.cmd, 'normal gf'))"), "E446: No file name")
end

T["a modified chat with 'nohidden' is not left, with Vim's own error"] = function()
  local child = gf.start("![](a.txt)", { screen = true })
  child:command("set nohidden")
  child:feed("ggOmore<Esc>3j")
  local before = child:lines()
  child:type("gf")
  child:wait_message("E37: No write since last change")
  eq({ gf.where(child), child:lines() }, { { "chats/chat.md", 4 }, before })
  eq(child:lua("return vim.bo.modified"), true)
  eq(child:api("nvim_get_mode"), { mode = "n", blocking = false })
  child:type("<C-w>f")
  wait.until_true("the split", function()
    return gf.where(child)[1] == "chats/a.txt"
  end)
  child:command("close | set hidden")
  child:type("gf")
  wait.until_true("the file", function()
    return gf.where(child)[1] == "chats/a.txt"
  end)
  eq(child:lines(child:lua("return vim.fn.bufnr('chat.md')")), before)
end

T["'autowrite' and 'confirm' work as for gf"] = function()
  local child = gf.start("![](a.txt)", { screen = true })
  child:command("set nohidden autowrite")
  child:feed("ggOmore<Esc>3j")
  child:feed("gf")
  eq(gf.where(child)[1], "chats/a.txt")
  eq(vim.split(system.read(child.folder .. "/chats/chat.md"), "\n")[1], "more")
  child:command("set noautowrite confirm | edit chats/chat.md")
  child:feed("ggOagain<Esc>4j")
  child:type("gf")
  wait.until_true("the question", function()
    return child:api("nvim_get_mode").mode == "r?"
  end)
  child:type("n")
  wait.until_true("the file", function()
    return child:api("nvim_get_mode").mode == "n" and gf.where(child)[1] == "chats/a.txt"
  end)
end

T["the last cursor position in a file that is no longer loaded, as with gf"] = function()
  local child = gf.start({ "![](a.txt)", "![](a.txt#L2)" })
  child:command("set nohidden | 3")
  child:feed("gf")
  child:command("normal! 4Gl")
  child:command("edit chats/chat.md | 3")
  child:feed("gf")
  eq(gf.where(child), { "chats/a.txt", 4 })
  child:command("edit chats/chat.md | 4")
  child:feed("gf")
  eq(gf.where(child), { "chats/a.txt", 2 })
end

T["a map of the user's stays, whenever it was created"] = function()
  local own = "let g:mine = get(g:, 'mine', 0) + v:count1<CR>"
  local child = gf.start("![](a.txt)", {
    commands = {
      "nnoremap gf <Cmd>" .. own,
      "autocmd FileType markdown nnoremap <buffer> <C-w>f <Cmd>" .. own,
    },
  })
  child:command("3")
  child:feed("gf<C-w>f")
  eq({ gf.where(child), child:lua("return vim.g.mine") }, { { "chats/chat.md", 3 }, 2 })
  -- A map that is created later is found when the key is typed.
  child:command("nnoremap gF <Cmd>" .. own)
  child:feed("4gF")
  eq({ gf.where(child), child:lua("return vim.g.mine") }, { { "chats/chat.md", 3 }, 6 })
  eq(child:lua("return vim.fn.maparg('gF', 'n', false, true).buffer"), 0)
  child:command("nunmap gF")
  child:feed("<C-w>gf")
  eq(gf.where(child)[1], "chats/a.txt")
end

T["keys = false, and <Plug> maps of one's own"] = function()
  local child = gf.start("![](notes/b.md)", {
    options = { keys = false },
    commands = { "nmap <F5> <Plug>(chatvim-gf)", "nmap gf <Plug>(chatvim-gf)" },
  })
  eq(child:lua("return vim.fn.maparg('<C-w>f', 'n')"), "")
  for _, keys in ipairs({ "<F5>", "gf" }) do
    child:command("edit chats/chat.md | 3 | normal! 0")
    child:feed(keys)
    eq(gf.where(child)[1], "chats/notes/b.md")
  end
  child:command("edit chats/chat.md | call setline(3, 'a.txt') | write")
  child:feed("<F5>")
  eq(gf.where(child)[1], "chats/a.txt")
end

T["in markdown that is not a chat: Vim's own"] = function()
  local child = gf.start("")
  system.write(child.folder .. "/chats/plain.md", "![](a.txt)\n![](missing.txt)\n")
  child:command("edit chats/plain.md | 1 | normal! 0fa")
  child:feed("gf")
  eq(gf.where(child)[1], "chats/a.txt")
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
