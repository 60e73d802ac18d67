-- SPDX-License-Identifier: Apache-2.0
-- Paths after ![]( are completed by the language server.
local case = require("helpers.case")
local language = require("helpers.language")
local system = require("helpers.system")
local eq = MiniTest.expect.equality

local T = case.set()

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

--- Returns the completions that begin with the text after the last slash, as the client shows them.
local function words(child, line)
  local last = line:match("[^/(<]*$")
  return vim.tbl_filter(function(word)
    return vim.startswith(word, last)
  end, language.words(child, line))
end

T["names in the chat's folder, sorted, folders with a slash, hidden ones after a dot"] = function()
  local child = start()
  eq(words(child, "![]("), { "a.txt", "another file (1).txt", "b.md", "chat.md", "notes/" })
  eq(words(child, "![the label](a"), { "a.txt", "another file (1).txt" })
  eq(words(child, "  ![](."), { ".config/", ".env.example" })
  eq(words(child, "![](notes/"), { "b.md", "deep/" })
  eq(words(child, "![](notes/."), { ".hidden.md" })
  eq(words(child, "![](notes/deep/"), { "c.md" })
  eq(words(child, "![](notes/../notes/b"), { "b.md" })
  eq(words(child, "![](.."), { "../" })
  eq(words(child, "![](nothing/"), {})
  eq(words(child, "![](https://a"), {})
  local items = language.complete(child, "![](")
  local kind = vim.lsp.protocol.CompletionItemKind
  eq({ kind[items[1].kind], kind[items[5].kind] }, { "File", "Folder" })
end

T["~ and variables stay as typed"] = function()
  local home = vim.fn.tempname()
  vim.fn.mkdir(home .. "/docs", "p")
  system.write(home .. "/docs/a b.md", "")
  local child = start({ env = { HOME = home } })
  eq(words(child, "![](~"), { "~/" })
  for _, line in ipairs({ "![](~/docs/a", "![](${HOME}/docs/", "![]($HOME/docs/" }) do
    local items = language.complete(child, line)
    eq(language.accept(line, items[1]), line:gsub("a$", "") .. "a b.md")
  end
  eq(words(child, "![]($NOT_SET/"), {})
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
  local home = vim.uv.fs_realpath(vim.fn.fnamemodify(vim.fn.tempname(), ":h")) .. "/home"
  vim.fn.mkdir(home, "p")
  local child = start({ env = { HOME = home } }, files)
  for _, name in ipairs(names) do
    system.write(home .. "/" .. name, "")
  end
  local chats = vim.uv.fs_realpath(child.folder) .. "/chats/"
  for typed, folder in pairs({
    [""] = chats,
    ["sub (x)/"] = chats .. "sub (x)/",
    ["~/"] = home .. "/",
    ["<"] = chats,
    ["<sub (x)/"] = chats .. "sub (x)/",
  }) do
    local line = "![](" .. typed
    local read = {}
    for _, item in ipairs(language.complete(child, line)) do
      local whole = language.accept(line, item) .. (typed:find("^<") and ">)" or ")")
      child:api("nvim_buf_set_lines", 0, -2, -1, true, { whole })
      local row = child:api("nvim_buf_line_count", 0) - 1
      local places = language.ask(child, "textDocument/definition", row, 0) or {}
      read[places[1] and vim.uri_to_fname(places[1].uri) or "none"] = true
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
  for _, line in ipairs({ "![](t", "![](p", "![](i" }) do
    for _, item in ipairs(language.complete(child, line)) do
      if vim.startswith(item.label, line:sub(5)) then
        table.insert(lines, language.accept(line, item) .. ")")
      end
    end
  end
  eq(#lines, 3)
  child:lua(
    "vim.api.nvim_buf_set_lines(0, 0, -1, true, vim.list_extend({ '# === USER ===', '' }, ...))",
    lines
  )
  case.standin:script({ require("helpers.replies").answer("A") })
  eq(child:complete().outcome, "done")
  local _, count = case.standin:requests()[1].json.messages[1].content:gsub("12345", "")
  eq(count, 3)
end

T["not after the path, in code, in an answer or in text"] = function()
  local child = start()
  for _, line in ipairs({ "![](a.txt)", "see ![](", "[a](", "![a" }) do
    eq({ line, language.words(child, line) }, { line, {} })
  end
  eq(language.words(child, "![]() x", 4), {})
  local items = language.complete(child, "![]()", 4)
  eq(language.accept("![]()", items[1]), "![](a.txt)")
  child:api("nvim_buf_set_lines", 0, 1, -1, true, { "```", "" })
  eq(language.words(child, "![]("), {})
  child:api("nvim_buf_set_lines", 0, 1, -1, true, { "# === ASSISTANT ===", "" })
  eq(language.words(child, "![]("), {})
end

T["files that are open in the editor"] = function()
  local child = start()
  child:command("badd chats/notes/deep/c.md | badd /etc/hosts | enew")
  child:command("buffer chat.md")
  child:command("badd " .. child.folder .. "/chats/notes/deep/c.md")
  local found = language.words(child, "![](")
  eq(vim.tbl_contains(found, "notes/deep/c.md"), true)
  eq(vim.tbl_contains(found, "/etc/hosts") or vim.tbl_contains(found, "etc/hosts"), true)
end

T["at most 1000 names of a large folder are offered, those that begin with the text"] = function()
  local files = {}
  for index = 1, 1200 do
    table.insert(files, ("many/f%04d.txt"):format(index))
  end
  local child = start({}, files)
  local found = language.words(child, "![](many/")
  eq({ #found, found[1], found[1000] }, { 1000, "f0001.txt", "f1000.txt" })
  eq(#language.words(child, "![](many/f11"), 100)
end

return T
