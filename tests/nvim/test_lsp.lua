-- SPDX-License-Identifier: Apache-2.0
-- The client of the language server, as Neovim shows it.
local case = require("helpers.case")
local language = require("helpers.language")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local CHAT = '+++\nmodel = "m1"\n+++\n# === USER ===\n\n![](a.txt)\n'

---@param text? string
---@param options? tests.ChildOptions
local function start(text, options)
  local child = case.child(options)
  system.write(child.folder .. "/a.txt", "one\ntwo\n")
  child:chat(text or CHAT)
  return child
end

local function clients(child)
  return child:lua("return #vim.lsp.get_clients()")
end

--- Returns the messages of the diagnostics in the current buffer.
local function diagnostics(child)
  return child:lua([[
    return vim.tbl_map(function(item) return item.message end, vim.diagnostic.get(0))
  ]])
end

T["a chat has a client, with positions in UTF-8 and the working folder"] = function()
  local child = start()
  language.wait(child)
  local client = child:lua([[
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    return { client.name, client.offset_encoding, client.config.root_dir }
  ]])
  eq(client, { "chatvim", "utf-8", child:lua("return vim.fn.getcwd()") })
  eq(child:lua("return { vim.bo.omnifunc, vim.bo.formatexpr }"), { "v:lua.vim.lsp.omnifunc", "" })
  case.expect_calm(child)
end

T["two chats share it"] = function()
  local child = start()
  local first = language.wait(child)
  child:chat(CHAT, "other.md")
  eq(language.wait(child), first)
  eq(clients(child), 1)
end

T["CTRL-X CTRL-O completes settings and paths"] = function()
  local child = start('+++\nmodel = "m1"\n\n+++\n# === USER ===\n\n')
  language.wait(child)
  child:command("set completeopt=menu")
  child:command("3")
  child:type("Atemp<C-x><C-o>")
  child:wait_text("temperature")
  child:type("<Esc>Go![](a<C-x><C-o>")
  child:wait_text("![](a.txt")
end

T["hover, symbols and code actions"] = function()
  local child = start()
  local hover = language.ask(child, "textDocument/hover", 5, 0)
  case.expect_part(hover.contents.value, "2 lines")
  eq(child:lua("return vim.fn.maparg('K', 'n', false, true).buffer"), 1)
  local symbols = language.ask(child, "textDocument/documentSymbol", 0, 0)
  eq(#symbols > 0, true)
  child:lua([[
    vim.ui.select = function(items, options, on_choice)
      vim.g.titles = vim.tbl_map(options.format_item, items)
      on_choice(items[1])
    end
  ]])
  child:command("6")
  case.standin:script({ require("helpers.replies").answer("A") })
  -- The plugin's own command runs, with its events.
  child:lua("vim.lsp.buf.code_action()")
  eq(child:wait_end().outcome, "done")
  case.expect_part(child:lua("return vim.g.titles[1]"), "Answer this chat")
  case.expect_part(child:text(), "# === ASSISTANT ===\n\nA\n")
end

T["gO lists the messages, and Neovim's own gO comes back"] = function()
  local child = start("# === USER ===\n\nQ\n\n# === ASSISTANT ===\n\n## Title\n")
  language.wait(child)
  local is_old = child:lua("return vim.fn.has('nvim-0.11')") == 0
  local list = is_old and "vim.fn.getqflist()" or "vim.fn.getloclist(0)"
  child:feed("gO")
  wait.until_true("the list", function()
    return child:lua("return #" .. list) == 3
  end)
  local texts = child:lua(([[
    return vim.tbl_map(function(item) return item.text end, %s)
  ]]):format(list))
  case.expect_part(texts[1], "User: Q")
  case.expect_part(texts[2], "Assistant: ## Title")
  case.expect_part(texts[3], "Title")
  child:command("lclose | cclose")
  child:lua("require('chatvim').setup({ keys = false })")
  local own = child:lua([[
    vim.cmd("buffer chat.md")
    local map = vim.fn.maparg("gO", "n", false, true)
    return { map.rhs, map.callback ~= nil }
  ]])
  local is_new = child:lua("return vim.fn.has('nvim-0.12')") == 1
  eq(own, is_new and { vim.NIL, true } or own)
  eq(own[1] ~= "<Plug>(chatvim-outline)", true)
end

T["the working folder is followed"] = function()
  local child = start("# === USER ===\n\n![](b.txt)\n")
  vim.fn.mkdir(child.folder .. "/more")
  system.write(child.folder .. "/more/b.txt", "one\n")
  language.wait(child)
  child:command("cd more | 3")
  child:feed("gf")
  eq(vim.fs.basename(child:api("nvim_buf_get_name", 0)), "b.txt")
end

T["bytes that are not UTF-8 do no harm"] = function()
  local child = start("# === USER ===\n\n\255\254 text\n![](a.txt)\n")
  case.expect_part(language.ask(child, "textDocument/hover", 3, 0).contents.value, "2 lines")
  child:feed("ggo<C-v>x80<Esc>")
  case.expect_part(language.ask(child, "textDocument/hover", 4, 0).contents.value, "2 lines")
end

T["diagnostics while typing, shown once, also when the chat is sent"] = function()
  local child = start()
  language.wait(child)
  child:command("2")
  child:type("otemperature = 'hot'<Esc>")
  wait.until_true("the diagnostic", function()
    return #diagnostics(child) == 1
  end)
  eq(child:complete().outcome, "error")
  eq(#diagnostics(child), 1)
  child:type("u")
  wait.until_true("its end", function()
    return #diagnostics(child) == 0
  end)
end

T["the user's omnifunc and tagfunc stay"] = function()
  local child = start(CHAT, {
    commands = {
      "function! Mine(...) abort\nreturn -2\nendfunction",
      "autocmd BufWinEnter *.md setlocal omnifunc=Mine tagfunc=Mine",
    },
  })
  language.wait(child)
  child:sync()
  eq(child:lua("return { vim.bo.omnifunc, vim.bo.tagfunc }"), { "Mine", "Mine" })
end

T["when the program is killed the client ends, and comes back with the program"] = function()
  local child = start()
  local first = language.wait(child)
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  wait.until_true("the client's end", function()
    return clients(child) == 0
  end)
  child:sync()
  case.expect_part("htmlcomplete#CompleteTags ", child:lua("return vim.bo.omnifunc"))
  case.standin:script({ require("helpers.replies").answer("A") })
  eq(child:complete().outcome, "done")
  eq(language.wait(child) > first, true)
  -- `gf` starts it too.
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  wait.until_true("the client's end", function()
    return clients(child) == 0
  end)
  child:command("6")
  child:feed("gf")
  eq(vim.fs.basename(child:api("nvim_buf_get_name", 0)), "a.txt")
  case.expect_calm(child)
end

local function stop_client(child, force)
  child:lua(
    [[
    local client = vim.lsp.get_clients()[1]
    if vim.fn.has("nvim-0.11") == 1 then
      client:stop(...)
    else
      client.stop(...)
    end
  ]],
    force
  )
end

T["a client that is stopped by hand ends, and gf starts another"] = function()
  local child = start()
  local first = language.wait(child)
  stop_client(child, false)
  wait.until_true("the client's end", function()
    return clients(child) == 0
  end)
  child:command("6")
  child:feed("gf")
  eq(vim.fs.basename(child:api("nvim_buf_get_name", 0)), "a.txt")
  child:command("edit #")
  eq(language.wait(child) > first, true)
  stop_client(child, true)
  wait.until_true("the client's end", function()
    return clients(child) == 0
  end)
  case.expect_calm(child)
end

T["without the program, gf and the omnifunc are Vim's own"] = function()
  local child = start("# === USER ===\n\n![](a.txt)\n<ifra", {
    options = { program = "/no/such/program" },
  })
  child:sync()
  eq(child:lua("return { vim.bo.omnifunc, package.loaded['vim.lsp.client'] == nil }"), {
    "htmlcomplete#CompleteTags",
    true,
  })
  child:feed("A<C-x><C-o><Esc>")
  eq(child:lines()[4], "<iframe")
  child:command("silent write | 3 | normal! 0fa")
  child:feed("gf")
  eq(vim.fs.basename(child:api("nvim_buf_get_name", 0)), "a.txt")
end

T["a README gets no client, even if it has pictures and is edited"] = function()
  local child = start("# Title\n\n![](a.txt)\n\nText.\n", nil)
  child:type("omore text<Esc>")
  wait.until_true("the modules", function()
    return child:lua("return package.loaded['chatvim.lsp.client'] ~= nil")
  end)
  -- The same modules attach the client to a chat that is opened later.
  child:chat(CHAT, "other.md")
  language.wait(child)
  child:command("buffer chat.md")
  eq(child:lua("return #vim.lsp.get_clients({ bufnr = 0 })"), 0)
  eq(child:lua("return vim.bo.omnifunc"), "htmlcomplete#CompleteTags")
end

T["a file in which a chat begins gets one: a new file, a delimiter, front matter"] = function()
  local child = case.child()
  child:command("edit new.md")
  child:type("iHello<Esc>")
  language.wait(child)
  for name, keys in pairs({
    ["delimiter.md"] = "Go# === USER ===<Esc>",
    ["front.md"] = "ggO+++<Esc>",
    ["embed.md"] = "Go![](<Esc>",
  }) do
    child:chat("Text.\n", name)
    child:type(keys)
    language.wait(child)
  end
  eq(clients(child), 1)
end

T["a client of the user's that has this name takes precedence"] = function()
  local child = start()
  language.wait(child)
  child:lua([[
    vim.lsp.start({
      name = "chatvim",
      cmd = { require("chatvim.program.process").info().path, "lsp" },
      root_dir = "/",
    }, { reuse_client = function() return false end })
  ]])
  local function roots()
    return child:lua([[
      return vim.tbl_map(function(client) return client.config.root_dir end,
        vim.lsp.get_clients({ bufnr = 0 }))
    ]])
  end
  wait.until_true("one client", function()
    return vim.deep_equal(roots(), { "/" })
  end)
  child:command("6")
  child:feed("gf")
  eq(vim.fs.basename(child:api("nvim_buf_get_name", 0)), "a.txt")
  child:command("edit #")
  child:sync()
  child:chat(CHAT, "other.md")
  language.wait(child)
  child:command("silent edit!")
  eq(vim.trim(child:messages()), "")
end

T["buffers without a name have none"] = function()
  local child = start()
  language.wait(child)
  child:command("enew | set filetype=markdown")
  child:command("call setline(1, ['# === USER ===', '', 'Q'])")
  case.standin:script({ require("helpers.replies").answer("A") })
  eq(child:complete().outcome, "done")
  child:sync()
  eq(child:lua("return #vim.lsp.get_clients({ bufnr = 0 })"), 0)
  child:command("write named.md")
  language.wait(child)
end

return T
