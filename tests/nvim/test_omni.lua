-- SPDX-License-Identifier: Apache-2.0
-- CTRL-X CTRL-O completes paths after ![](, and everywhere else works as the buffer's own function.
local case = require("helpers.case")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local OURS = "v:lua.require'chatvim.embed.complete_path'.omni"

local FILES = {
  "a.txt",
  "another file (1).txt",
  "b.md",
  "notes/b.md",
  "notes/deep/c.md",
  "notes/.hidden.md",
  ".env.example",
  ".config/x",
}

--- Starts a child with a chat in a folder with files, and another working folder.
---@param options? tests.ChildOptions
---@param files? string[]
local function start(options, files)
  local child = case.child(options)
  for _, path in ipairs(files or FILES) do
    path = child.folder .. "/chats/" .. path
    vim.fn.mkdir(vim.fs.dirname(path), "p")
    system.write(path, "12345")
  end
  vim.fn.mkdir(child.folder .. "/chats", "p")
  child:command("cd /")
  child:chat("# === USER ===\n\n", "chats/chat.md")
  return child
end

--- Types keys in insert mode on a new line; returns that line and the offered completions.
---@param child tests.Child
---@param keys string
local function type_keys(child, keys)
  child:lua("vim.g.words = vim.NIL")
  child:command("silent! %delete _ | call setline(1, ['# === USER ===', ''])")
  child:command("set completeopt=menuone")
  child:lua([[
    vim.keymap.set("i", "<F2>", function()
      vim.g.words = vim.tbl_map(function(item)
        return item.word
      end, vim.fn.complete_info({ "items" }).items)
      vim.g.items = vim.fn.complete_info({ "items" }).items
      return ""
    end, { expr = true })
  ]])
  child:feed("Go" .. keys .. "<Esc>")
  local words = child:lua("return vim.g.words")
  return child:lines()[child:api("nvim_buf_line_count", 0)], words ~= vim.NIL and words or nil
end

local function offered(child, text)
  local _, words = type_keys(child, text .. "<C-x><C-o><F2>")
  return words
end

T["names in the chat's folder, sorted, folders with a slash, hidden ones after a dot"] = function()
  local child = start()
  eq(offered(child, "![]("), {
    "a.txt",
    "another file (1).txt",
    "b.md",
    "chat.md",
    "notes/",
  })
  eq(offered(child, "![the label](a"), { "a.txt", "another file (1).txt" })
  eq(offered(child, "  ![](."), { ".config/", ".env.example" })
  eq(offered(child, "![](notes/"), { "b.md", "deep/" })
  eq(offered(child, "![](notes/."), { ".hidden.md" })
  eq(offered(child, "![](notes/deep/"), { "c.md" })
  eq(offered(child, "![](notes/../notes/b"), { "b.md" })
  eq(offered(child, "![](.."), { "../" })
  eq(offered(child, "![](nothing/"), {})
  eq(offered(child, "![](https://a"), {})
  -- Complete lines.
  eq(type_keys(child, "![](no<C-x><C-o><C-y>b<C-x><C-o><C-y>)"), "![](notes/b.md)")
  eq(type_keys(child, "![](an<C-x><C-o><C-y>)"), "![](another file (1).txt)")
  local items = child:lua("return vim.g.items")
  eq(#items, 0)
  offered(child, "![](")
  items = child:lua("return vim.g.items")
  eq({ items[1].kind, items[1].menu }, { "file", "5 B" })
  eq({ items[5].kind, items[5].menu, items[5].abbr }, { "folder", "", "notes/" })
end

T["~ and variables stay as typed"] = function()
  local home = vim.fn.tempname()
  vim.fn.mkdir(home .. "/docs", "p")
  system.write(home .. "/docs/a b.md", "")
  local child = start({ env = { HOME = home } })
  eq(offered(child, "![](~"), { "~/" })
  eq(type_keys(child, "![](~/d<C-x><C-o><C-y>a<C-x><C-o><C-y>)"), "![](~/docs/a b.md)")
  eq(type_keys(child, "![]($HOME/d<C-x><C-o><C-y>)"), "![]($HOME/docs/)")
  eq(type_keys(child, "![](${HOME}/docs/<C-x><C-o><C-y>)"), "![](${HOME}/docs/a b.md)")
  eq(offered(child, "![]($NOT_SET/"), {})
end

T["every name is offered in a form that reads back as that name"] = function()
  local names = {
    "two  spaces.md",
    " leading",
    "trailing ",
    "paren(.md",
    "paren).md",
    "pair (1).md",
    "<angle>",
    'it\'s "quoted"',
    "back\\slash",
    "back\\",
    "star*.md",
    "50%20off",
    "%41 ",
    "x#L1",
    "$HOME",
    "$NOT_SET",
    "${HOME}",
    "~",
    "~x",
    "ü ß.md",
    "\255\254.md",
    "a|b&c;d",
    "file:x",
    "[set].md",
  }
  local files = {}
  for _, name in ipairs(names) do
    table.insert(files, "sub (x)/" .. name)
    table.insert(files, name)
  end
  table.insert(files, "control\1")
  local home = vim.fn.tempname()
  vim.fn.mkdir(home, "p")
  local child = start({ env = { HOME = home } }, files)
  for _, name in ipairs(names) do
    system.write(home .. "/" .. name, "")
  end
  for typed, folder in pairs({
    [""] = child.folder .. "/chats/",
    ["sub (x)/"] = child.folder .. "/chats/sub (x)/",
    ["~/"] = home .. "/",
    ["<"] = child.folder .. "/chats/",
    ["<sub (x)/"] = child.folder .. "/chats/sub (x)/",
  }) do
    local words = offered(child, "![](" .. typed)
    local read = {}
    for _, word in ipairs(words) do
      local line = "![](" .. typed .. word .. (typed:find("^<") and ">)" or ")")
      local found = child:lua(
        [[
        local target = require("chatvim.embed.image_link").read(...)
        local folder = require("chatvim.embed.line").folder(0)
        return target and require("chatvim.embed.target").find(target, folder) or { path = "none" }
      ]],
        line
      )
      read[(found.path:gsub("/%./", "/"))] = true
    end
    for _, name in ipairs(names) do
      eq({ typed, name, read[folder .. name] }, { typed, name, true })
    end
    eq(read[folder .. "control\1"], nil)
  end
end

T["the program understands completed paths"] = function()
  local child = start({}, { "trailing ", "paren).md", 'it\'s "quoted"' })
  local lines = {}
  for _, keys in ipairs({ "t", "p", "i" }) do
    table.insert(lines, (type_keys(child, ("![](%s<C-x><C-o><C-y>)"):format(keys))))
  end
  child:lua(
    "vim.api.nvim_buf_set_lines(0, 0, -1, true, vim.list_extend({ '# === USER ===', '' }, ...))",
    lines
  )
  case.standin:script({ require("helpers.replies").answer("A") })
  eq(child:complete().outcome, "done")
  local _, count = case.standin:requests()[1].json.messages[1].content:gsub("12345", "")
  eq(count, 3)
end

T["after the path, in code, in an answer and in text another function is used"] = function()
  local child = start({
    commands = {
      "function! Mine(findstart, base) abort\n"
        .. "return a:findstart ? col('.') - 1 : ['mine']\nendfunction",
    },
  })
  child:command("setlocal omnifunc=Mine")
  eq(type_keys(child, "![](a.txt)<C-x><C-o><C-y>"), "![](a.txt)mine")
  eq(type_keys(child, "![](<a.txt><C-x><C-o><C-y>"), "![](<a.txt>mine")
  eq(type_keys(child, "see ![](<C-x><C-o><C-y>"), "see ![](mine")
  eq(type_keys(child, "[a](<C-x><C-o><C-y>"), "[a](mine")
  eq(type_keys(child, "![a<C-x><C-o><C-y>"), "![amine")
  eq(type_keys(child, "![]() x<C-o>2h<C-x><C-o><C-y>"), "![](mine) x")
  eq(type_keys(child, "![]()<Left>no<C-x><C-o><C-y>"), "![](notes/)")
  eq(type_keys(child, "```<CR>![](<C-x><C-o><C-y>"), "![](mine")
  eq(type_keys(child, "# === ASSISTANT ===<CR>![](<C-x><C-o><C-y>"), "![](mine")
end

--- Commands that set the option in each form.
local FORMS = {
  "setlocal omnifunc=Mine",
  "setlocal omnifunc=v:lua.mine",
  "let &l:omnifunc = function('Mine')",
  "setlocal omnifunc=function('Mine')",
  "let &l:omnifunc = {f, b -> Mine(f, b)}",
  "setlocal omnifunc=auto#load#Mine",
}

T["the earlier function in every form, set before or after ours"] = function()
  local child = start({
    commands = {
      "function! Mine(findstart, base) abort\n"
        .. "return a:findstart ? col('.') - 3 : ['mine' .. a:base]\nendfunction",
    },
  })
  vim.fn.mkdir(child.home .. "/config/nvim/autoload/auto", "p")
  system.write(
    child.home .. "/config/nvim/autoload/auto/load.vim",
    "function! auto#load#Mine(findstart, base) abort\nreturn Mine(a:findstart, a:base)\nendfunction"
  )
  child:lua("vim.opt.rtp:append(...)", child.home .. "/config/nvim")
  child:lua("_G.mine = function(findstart, base) return vim.fn.Mine(findstart, base) end")
  for _, form in ipairs(FORMS) do
    child:command(form)
    eq({ form, (type_keys(child, "it's<C-x><C-o><C-y>")) }, { form, "itmine's" })
    eq(child:lua("return vim.bo.omnifunc"), OURS)
    eq(type_keys(child, "![](no<C-x><C-o><C-y>"), "![](notes/")
  end
end

T["markdown's own function stays as the fallback, also after :edit and a reload"] = function()
  local child = start()
  local function earlier()
    return child:lua("return vim.b.chatvim_omnifunc.value")
  end
  eq(child:lua("return vim.bo.omnifunc"), "htmlcomplete#CompleteTags")
  type_keys(child, "")
  eq(earlier(), "htmlcomplete#CompleteTags")
  eq(type_keys(child, "<ifra<C-x><C-o><C-y>"), "<iframe")
  child:command("silent edit!")
  eq(type_keys(child, "![](no<C-x><C-o><C-y>"), "![](notes/")
  child:lua([[
    for name in pairs(package.loaded) do
      if name:find("^chatvim") then
        package.loaded[name] = nil
      end
    end
    vim.g.loaded_chatvim = nil
    vim.cmd("runtime plugin/chatvim.lua")
  ]])
  eq(type_keys(child, "![](no<C-x><C-o><C-y>"), "![](notes/")
  eq(earlier(), "htmlcomplete#CompleteTags")
  eq(child:lua("return vim.bo.omnifunc"), OURS)
end

T["without an earlier function nothing happens, without a message"] = function()
  local child = start()
  child:command("setlocal omnifunc=")
  eq(type_keys(child, "text<C-x><C-o>!"), "text!")
  -- A function that calls ours, as in a plugin that wraps the existing one.
  child:lua([[
    local wrapped = vim.fn.exists("b:chatvim_omnifunc") == 1 and vim.bo.omnifunc
    _G.wrapper = function(findstart, base)
      return vim.api.nvim_eval(("%s(%d, '%s')"):format(wrapped, findstart, base))
    end
    vim.bo.omnifunc = "v:lua.wrapper"
  ]])
  eq(type_keys(child, "text<C-x><C-o>!"), "text!")
  case.expect_calm(child)
  child:command("setlocal omnifunc=Missing")
  eq(type_keys(child, "text<C-x><C-o>!"), "text!")
  child:wait_message("the buffer's own omnifunc failed: Vim:E117")
end

T["a language server's function, which answers later, works as the fallback"] = function()
  local child = start()
  child:lua([[
    local function rpc()
      local closing = false
      return {
        request = function(method, params, callback)
          local results = {
            initialize = { capabilities = { completionProvider = {} } },
            ["textDocument/completion"] = { { label = "textual" } },
            shutdown = {},
          }
          vim.schedule(function()
            callback(nil, results[method])
          end)
          return true, 1
        end,
        notify = function() return true end,
        is_closing = function() return closing end,
        terminate = function() closing = true end,
      }
    end
    vim.g.client = vim.lsp.start({ name = "fake", cmd = rpc, root_dir = "/" })
  ]])
  wait.until_true("the client", function()
    return child:lua(
      "return #vim.lsp.get_clients({ bufnr = 0, method = 'textDocument/completion' })"
    ) == 1
  end)
  for _, value in ipairs({ "v:lua.vim.lsp.omnifunc", "" }) do
    child:lua("vim.bo.omnifunc = ...", value)
    child:command("call setline(3, '') | 3")
    child:command("set completeopt=menuone")
    child:feed("i<Esc>")
    eq(child:lua("return vim.bo.omnifunc"), OURS)
    child:type("Atext<C-x><C-o>")
    wait.until_true("the server's word", function()
      return child:lua("return (vim.fn.complete_info().items[1] or {}).word") == "textual"
    end)
    child:type("<C-e><Esc>")
    wait.until_true("normal mode", function()
      return child:api("nvim_get_mode").mode == "n"
    end)
  end
end

T["a buffer that becomes a chat gets the function at once"] = function()
  local child = start()
  child:command("cd " .. child.folder .. "/chats | edit b.md")
  child:type("S# === USER ===<CR><Esc>:silent write<CR>A![](another")
  child:wait_text("![](another")
  child:sync()
  child:type("<C-x><C-o>")
  child:wait_text("![](another file (1).txt")
end

T["only in chats; an answer changes no option"] = function()
  local child = start()
  system.write(child.folder .. "/chats/plain.md", "text\n")
  child:command("edit chats/plain.md | edit " .. child.folder .. "/chats/plain.md")
  child:feed("i<Esc>")
  eq(child:lua("return vim.bo.omnifunc"), "htmlcomplete#CompleteTags")
  case.standin:script({ require("helpers.replies").answer("A") })
  eq(child:complete().outcome, "done")
  eq(child:lua("return vim.bo.omnifunc"), "htmlcomplete#CompleteTags")
  child:feed("i<Esc>")
  eq(child:lua("return vim.bo.omnifunc"), OURS)
end

T["a folder with very many names is read in part, at most 1000 are offered"] = function()
  local files = {}
  for index = 1, 1200 do
    table.insert(files, ("many/f%04d.txt"):format(index))
  end
  local child = start({}, files)
  local words = offered(child, "![](many/")
  eq({ #words, words[1], words[1000] }, { 1000, "f0001.txt", "f1000.txt" })
  -- A folder whose listing never ends simulates one with too many names.
  child:lua([[
    local read = vim.uv.fs_readdir
    vim.uv.fs_readdir = function(handle)
      return { { name = "again" .. vim.uv.hrtime() .. ".txt", type = "file" } }
    end
    local start = vim.uv.hrtime()
    _G.found = require("chatvim.embed.folder").read("/", function() return true end, 20)
    vim.g.took = (vim.uv.hrtime() - start) / 1e6
    vim.uv.fs_readdir = read
  ]])
  local took = child:lua("return vim.g.took")
  eq({ took >= 20, took < 5000 }, { true, true })
  eq(child:lua("return #_G.found > 0"), true)
end

return T
