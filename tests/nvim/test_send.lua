-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimSend quotes lines in the last used chat, and sends nothing.
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local replies = require("helpers.replies")
local views = require("helpers.views")
local eq = MiniTest.expect.equality

local T = case.set()

local EMPTY = "# === USER ===\n\n"
local SOURCE = "local a = 1\nlocal b = 2\nlocal c = 3\n"

--- Writes `text` to a file in the child's folder and opens it.
local function open(child, name, text)
  local path = child.folder .. "/" .. name
  vim.fn.mkdir(vim.fs.dirname(path), "p")
  files.write(path, text)
  child:command("edit " .. vim.fn.fnameescape(path))
  return child:api("nvim_get_current_buf")
end

--- Returns a quote as it is written to a chat.
local function quote(label, filetype, text)
  return ("%s\n```%s\n%s\n```\n\n"):format(label, filetype, text)
end

--- Starts a child with a hidden chat and a Lua file, which is the current buffer.
local function child_with(chat_text, options)
  local child = case.child(options)
  local chat = child:chat(chat_text)
  open(child, "src/main.lua", SOURCE)
  return child, chat
end

--- Expects a command to be refused with a message and to change no buffer.
local function expect_refusal(child, command, message)
  local function state()
    return child:lua([[
      return vim.tbl_map(function(buf)
        return { buf, vim.api.nvim_buf_get_changedtick(buf) }
      end, vim.api.nvim_list_bufs())
    ]])
  end
  local before, messages = { state(), layout.of(child) }, #child:messages()
  child:command(command)
  case.expect_part(child:messages():sub(messages + 1), message)
  eq({ state(), layout.of(child) }, before)
end

T["lines go below the last user delimiter, with file and numbers, ready to type on"] = function()
  local text = "# === USER ===\n\nQ\n\n# === ASSISTANT ===\n\nA\n\n# === USER ===\n"
  local child, chat = child_with(text .. "\n\n\n")
  child:command("2,3ChatvimSend")
  local quoted = text .. "\n" .. quote("src/main.lua:2-3", "lua", "local b = 2\nlocal c = 3")
  eq(child:text(chat), quoted)
  eq(layout.of(child), "row(main.lua, chat.md*)")
  eq(child:api("nvim_win_get_cursor", 0), { #child:lines(), 0 })
  eq(child:api("nvim_get_mode").mode, "n")
  child:command("wincmd p | 1ChatvimSend")
  eq(child:text(chat), quoted .. quote("src/main.lua:1", "lua", "local a = 1"))
  eq(layout.of(child), "row(main.lua, chat.md*)")
  child:feed("u")
  eq(child:text(chat), quoted)
  child:feed("u")
  eq(child:text(chat), text .. "\n\n")
  child:feed("<C-r><C-r>")
  eq(#case.standin:requests(), 0)
  child:feed("GiWhy?<Esc>")
  case.standin:script({ replies.answer("So.") })
  eq(child:complete().outcome, "done")
  local messages = case.standin:requests()[1].json.messages
  eq(messages[3].content, vim.trim(child:text():match("USER ===\n\n(src.-)\n# === ASS")))
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["the end of the chat determines what is written before a quote"] = function()
  local user = "\n\n# === USER ===\n\n"
  for _, row in ipairs({
    { "", "" },
    { "\n\n\n", "" },
    { '+++\nmodel = "m1"\n+++\n', '+++\nmodel = "m1"\n+++\n\n' },
    { "Look at this:\n", "Look at this:\n\n" },
    { "# === USER ===", "# === USER ===\n\n" },
    { "# === SYSTEM ===\n\nS\n", "# === SYSTEM ===\n\nS" .. user },
    { "Q\n# === ASSISTANT ===\nA", "Q\n# === ASSISTANT ===\nA" .. user },
    { "Q\n# === ASSISTANT ===\n\n", "Q\n# === ASSISTANT ===" .. user },
  }) do
    local child = case.child()
    local chat = child:chat(row[1])
    child:lua("require('chatvim.chat.recent').use(...)", chat)
    open(child, "a.txt", "line\n")
    child:command("ChatvimSend")
    eq({ row[1], child:text(chat) }, { row[1], row[2] .. quote("a.txt:1", "text", "line") })
    child:stop()
  end
end

T["text that could be misread is fenced and escaped"] = function()
  local child, chat = child_with(EMPTY)
  local text = "a `b` ```` c\n# === USER ===\n\\# === SYSTEM ===  \n## me\n+++"
  open(child, "a.md", text .. "\n")
  child:command("%ChatvimSend")
  -- A markdown file with a delimiter is a chat too, and is not quoted in itself.
  eq(
    child:text(chat),
    EMPTY
      .. "a.md:1-5\n`````markdown\na `b` ```` c\n\\# === USER ===\n\\\\# === SYSTEM ===  \n"
      .. "## me\n+++\n`````\n\n"
  )
  local message = child:lua("return require('chatvim').messages()")[1].content
  eq(message, "a.md:1-5\n`````markdown\n" .. text .. "\n`````")
end

T["the chat's own delimiters count; an unclosed front matter is text"] = function()
  local front = '---\nmodel: m1\nuserDelimiter: "## me"\nassistantDelimiter: "## it"\n---\n'
  local child, chat = child_with(front .. "## me\nQ\n## it\nA\n")
  open(child, "a.txt", "## it\n# === USER ===\n")
  child:command("%ChatvimSend")
  eq(
    child:text(chat),
    front
      .. "## me\nQ\n## it\nA\n\n## me\n\n"
      .. quote("a.txt:1-2", "text", "\\## it\n# === USER ===")
  )
  child:stop()
  child, chat = child_with("---\nmodel: m1\n# === USER ===\nQ\n")
  open(child, "a.yaml", "---\nx: 1\n")
  child:command("%ChatvimSend")
  case.expect_part(child:text(chat), quote("a.yaml:1-2", "yaml", "\\---\nx: 1"))
  local message = child:lua("return require('chatvim').messages()")[2].content
  eq(message, "Q\n\n" .. vim.trim(quote("a.yaml:1-2", "yaml", "---\nx: 1")))
end

T["file names: below the working directory, below the home, elsewhere, none"] = function()
  local child, chat = child_with(EMPTY)
  child:lua("vim.env.HOME = ...", child.home)
  local outside = vim.fn.tempname()
  for _, row in ipairs({
    { child.folder .. "/x/é b.txt", "x/é b.txt:1" },
    { child.home .. "/up.txt", "~/up.txt:1" },
    { outside, outside .. ":1" },
    { "", "[No Name]:1" },
  }) do
    child:command("enew")
    if row[1] ~= "" then
      child:api("nvim_buf_set_name", 0, row[1])
    end
    child:command("setlocal filetype= | call setline(1, 'line')")
    child:command("ChatvimSend")
    case.expect_part(child:text(chat), "\n" .. quote(row[2], "", "line"))
    child:command("only")
  end
end

T["a selection quotes whole lines; the source does not change"] = function()
  local child, chat = child_with(EMPTY)
  child:feed("ggmayy/local<CR>")
  local function state()
    return child:lua([[
      local buf = vim.fn.bufnr("main.lua")
      return {
        vim.api.nvim_buf_get_changedtick(buf), vim.bo[buf].modified, vim.fn.getreg('"'),
        vim.fn.getreg("/"), vim.api.nvim_buf_get_mark(buf, "a"),
        vim.api.nvim_buf_get_mark(buf, "."),
        vim.api.nvim_buf_get_mark(buf, "["), vim.fn.undotree(buf).seq_last,
      }
    ]])
  end
  local before = state()
  child:feed("ggwvj:ChatvimSend<CR>")
  local text = EMPTY .. quote("src/main.lua:1-2", "lua", "local a = 1\nlocal b = 2")
  eq({ child:text(chat), state() }, { text, before })
  child:command("close")
  eq(child:api("nvim_get_mode").mode, "n")
  child:command("nmap <F5> <Plug>(chatvim-send)")
  child:command("xmap <F5> <Plug>(chatvim-send)")
  child:feed("GV<F5>")
  text = text .. quote("src/main.lua:3", "lua", "local c = 3")
  eq({ child:text(chat), state() }, { text, before })
  child:command("close")
  child:feed("gg<F5>")
  eq(child:text(chat), text .. quote("src/main.lua:1", "lua", "local a = 1"))
  case.expect_calm(child)
end

T["binary data, blank lines and wrong arguments are refused"] = function()
  local child = child_with(EMPTY)
  for bytes, message in pairs({
    ["ok\n\0\n"] = "line 2 holds a NUL byte: nothing was quoted",
    ["ok\nok\n\255x\n"] = "line 3 is not UTF-8: nothing was quoted",
    ["ok\n\192\175\n"] = "line 2 is not UTF-8",
    ["ok\n\237\160\128\n"] = "line 2 is not UTF-8",
    ["ok\n\244\144\128\128\n"] = "line 2 is not UTF-8",
    ["\n  \n"] = "there is nothing to quote",
  }) do
    files.write(child.folder .. "/a.bin", bytes)
    child:command("edit! ++enc=utf-8 ++bad=keep a.bin")
    expect_refusal(child, "%ChatvimSend", message)
  end
  files.write(child.folder .. "/good.txt", "é € 😀 \239\191\189 \127\n")
  child:command("edit good.txt")
  expect_refusal(
    child,
    "ChatvimSend up",
    '"up" is no direction; there are left, right, top, bottom'
  )
  child:command("ChatvimSend")
  case.expect_part(child:text(), "é € 😀 \239\191\189 \127")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["too many lines are refused at once"] = function()
  local child = case.child()
  child:chat(EMPTY)
  -- A text file: Neovim's Lua parser would need minutes for that many lines that are not Lua.
  open(child, "a.txt", ("line of text\n"):rep(100001))
  expect_refusal(child, "%ChatvimSend", "these are too many lines: at most 100,000 can be quoted")
  child:command("2,$ChatvimSend")
  eq(#child:lines(), 100000 + 7)
end

T["the last used chat: entered or answered; a visible one first; not the current one"] = function()
  local child = case.child()
  for _, name in ipairs({ "a", "b", "c" }) do
    child:chat(EMPTY, name .. ".md")
  end
  open(child, "a.txt", "line\n")
  local function used()
    child:command("only | edit a.txt")
    child:command("ChatvimSend")
    return vim.fs.basename(child:api("nvim_buf_get_name", 0))
  end
  eq(used(), "c.md")
  child:command("buffer b.md")
  eq(used(), "b.md")
  child:command("buffer a.md | buffer c.md")
  eq(used(), "c.md")
  -- A visible chat is chosen although it was not used last.
  child:command("only | buffer a.txt | vsplit a.md | wincmd p | edit c.md | edit a.txt")
  child:command("ChatvimSend")
  eq(layout.of(child), "row(a.md*, a.txt)")
  -- From a chat, lines go to another chat.
  child:command("only | edit b.md | edit a.md")
  child:command("1ChatvimSend")
  eq(layout.of(child), "row(a.md, b.md*)")
  child:command("only | edit a.txt")
  child:command("bwipeout! b.md | bdelete! a.md")
  eq(used(), "c.md")
  -- A chat that was answered without being entered counts as used.
  case.standin:script({ replies.answer("A") })
  local asked = child:chat("Q\n", "asked.md")
  child:command("edit c.md | edit a.txt")
  child:lua("require('chatvim').complete(...)", asked)
  child:wait_end()
  eq(used(), "asked.md")
end

T["without another chat a new one is opened"] = function()
  local child = case.child({ config = case.config('userDelimiter = "## me"') })
  open(child, "a.txt", "## me\n")
  child:command("ChatvimSend")
  eq(layout.of(child), "row(a.txt, chat*)")
  eq(child:text(), "## me\n\n" .. quote("a.txt:1", "text", "\\## me"))
  eq(child:lua("return vim.bo.modified"), true)
  child:feed("u")
  eq({ child:text(), child:lua("return vim.bo.modified") }, { "## me\n\n", false })
  -- The only chat is the current buffer, and a chat is not quoted in itself.
  child:command("bwipeout! a.txt | only | 1ChatvimSend top")
  eq(layout.of(child), "col(chat*, chat)")
end

T["the window in which the chat is shown"] = function()
  local child = child_with(EMPTY)
  for command, expected in pairs({
    ["ChatvimSend"] = "row(main.lua, chat.md*)",
    ["ChatvimSend left"] = "row(chat.md*, main.lua)",
    ["ChatvimSend top"] = "col(chat.md*, main.lua)",
    ["ChatvimSend bottom"] = "col(main.lua, chat.md*)",
    ["botright ChatvimSend"] = "col(main.lua, chat.md*)",
    ["tab ChatvimSend"] = "chat.md*",
  }) do
    child:command("silent! tabonly | only | edit src/main.lua")
    child:command(command)
    eq({ command, layout.of(child) }, { command, expected })
  end
  -- In the chat's window of this tab page, or without an argument in that of another tab page.
  child:command("silent! tabonly | only | edit src/main.lua | topleft split chat.md | wincmd p")
  child:command("ChatvimSend right")
  eq(layout.of(child), "col(chat.md*, main.lua)")
  child:command("only | tabedit src/main.lua")
  child:command("ChatvimSend")
  eq({ layout.of(child), child:lua("return vim.fn.tabpagenr()") }, { "chat.md*", 1 })
  child:command("tabnext | ChatvimSend left")
  eq({ layout.of(child), child:lua("return vim.fn.tabpagenr()") }, { "row(chat.md*, main.lua)", 2 })
end

T["a chat that is 'nomodifiable' is reported by name"] = function()
  local child, chat = child_with(EMPTY)
  child:api("nvim_set_option_value", "modifiable", false, { buf = chat })
  expect_refusal(child, "ChatvimSend", "chat.md: this buffer cannot be changed")
end

T["too little room for a window changes nothing"] = function()
  local child = child_with(EMPTY, { commands = { "set lines=4 winminheight=1" } })
  expect_refusal(child, "ChatvimSend top", "not enough room")
end

T["a running answer continues, and the chat reads back correctly"] = function()
  for _, start in ipairs({ "Q\n", EMPTY .. "Q\n\n\n" }) do
    case.standin:reset()
    case.standin:script({ replies.gated({ "one", " two\n\nthree", "\n\nfour" }) })
    local child, chat = child_with(start)
    child:command("buffer chat.md | ChatvimComplete | buffer main.lua")
    child:wait_text("one", chat)
    child:command("1ChatvimSend")
    child:feed("iWhy?<Esc>")
    case.standin:release("g1")
    child:wait_text("three", chat)
    child:command("wincmd p | 2ChatvimSend")
    case.standin:release("g2")
    case.standin:release("end")
    eq(child:wait_end().outcome, "done")
    local first = quote("src/main.lua:1", "lua", "local a = 1") .. "Why?\n\n"
    local second = quote("src/main.lua:2", "lua", "local b = 2")
    -- The end of the answer writes the single delimiter between it and the quotes.
    case.expect_part(child:text(chat), "\n\nfour\n\n# === USER ===\n\n")
    eq(select(2, child:text(chat):gsub("four\n+# === USER ===\n+src", "")), 1)
    eq(child:lua("return require('chatvim').messages(...)", chat), {
      { role = "user", content = "Q" },
      { role = "assistant", content = "one two\n\nthree\n\nfour" },
      { role = "user", content = vim.trim(first .. second) },
    })
    eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines(chat))
    case.expect_calm(child)
    child:stop()
  end
end

T["a quote made before the first text of an answer is below it"] = function()
  case.standin:script({
    {
      steps = {
        { head = true },
        { wait = "go" },
        { deltas = { text = { "A" }, count = 1 } },
        { finish = "stop" },
      },
    },
  })
  local child, chat = child_with(EMPTY .. "Q\n\n")
  child:command("buffer chat.md | ChatvimComplete | buffer main.lua")
  case.standin:wait("waiting=go")
  child:command("1ChatvimSend")
  case.standin:release("go")
  eq(child:wait_end().outcome, "done")
  eq(child:lua("return require('chatvim').messages(...)", chat), {
    { role = "user", content = "Q" },
    { role = "assistant", content = "A" },
    { role = "user", content = vim.trim(quote("src/main.lua:1", "lua", "local a = 1")) },
  })
  child:command("buffer chat.md")
  child:feed("uu")
  eq(child:text(), EMPTY .. "Q\n")
end

--- Retries or continues the last answer of a chat, and adds a quote below it before any text
--- arrives.
local function quote_while_waiting(command)
  local child, chat = child_with("Q\n\n# === ASSISTANT ===\n\nOld")
  child:command("buffer chat.md")
  child:begin(command, case.standin, replies.gated({ "New", " text" }))
  child:command("buffer main.lua | 1ChatvimSend")
  return child, chat
end

local QUOTED = vim.trim(quote("src/main.lua:1", "lua", "local a = 1"))

for command, answers in pairs({
  ChatvimRetry = { "Old", "New text" },
  ["ChatvimComplete!"] = { "Old", "OldNew text" },
}) do
  local function expect_messages(child, chat, answer)
    eq(child:lua("return require('chatvim').messages(...)", chat), {
      { role = "user", content = "Q" },
      { role = "assistant", content = answer },
      { role = "user", content = QUOTED },
    })
  end

  T["a quote stays the user's if an answer ends without text: " .. command] = function()
    local child, chat = quote_while_waiting(command)
    child:command("buffer chat.md | ChatvimStop")
    eq(child:wait_end().outcome, "stopped")
    expect_messages(child, chat, answers[1])
    eq(
      child:text(chat),
      "Q\n\n# === ASSISTANT ===\n\nOld\n\n# === USER ===\n\n" .. QUOTED .. "\n\n"
    )
    -- The next answer is not affected.
    case.standin:script({ replies.answer("More") })
    child:complete()
    eq(#child:lua("return require('chatvim').messages()"), 4)
    case.expect_calm(child)
  end

  T["a quote stays the user's when an answer's text arrives: " .. command] = function()
    local child, chat = quote_while_waiting(command)
    for _, gate in ipairs({ "start", "g1", "end" }) do
      case.standin:release(gate)
    end
    eq(child:wait_end().outcome, "done")
    expect_messages(child, chat, answers[2])
    eq(select(2, child:text(chat):gsub("# === USER ===", "")), 1)
    case.expect_calm(child)
  end
end

T["a quote stays the user's if the answer is deleted; undo leaves nothing of it"] = function()
  local child, chat = quote_while_waiting("ChatvimRetry")
  case.standin:release("start")
  child:wait_text("New", chat)
  child:command("buffer chat.md | call search('^New', 'bw') | delete _")
  case.standin:release("g1")
  eq(child:wait_end().outcome, "stopped")
  child:sync()
  eq(child:lua("return require('chatvim').messages()"), {
    { role = "user", content = "Q" },
    { role = "user", content = QUOTED },
  })
  child:stop()

  child, chat = quote_while_waiting("ChatvimRetry")
  child:command("buffer chat.md")
  child:feed("u")
  child:command("ChatvimStop")
  child:wait_end()
  eq(child:text(chat), "Q\n\n# === ASSISTANT ===\n\nOld")
end

T["other windows of the chat keep their views"] = function()
  local child, chat = child_with(("line\n"):rep(100) .. EMPTY)
  child:command("tabedit chat.md")
  child:feed("50Gzt10j")
  child:command("wincmd v")
  child:feed("20Gzt")
  local before = views.all(child)
  child:command("tabprevious")
  child:command("ChatvimSend right")
  local after = views.all(child)
  for win, view in pairs(before) do
    eq({ win, after[win] }, { win, view })
  end
  case.expect_part(child:text(chat), "src/main.lua:1")
end

return T
