-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimChats lists the chats of the chat folder, newest first, and opens the chosen one.
local case = require("helpers.case")
local files = require("helpers.system")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- A moment of 2026 in seconds since 1970; the child's date is in its own time zone, UTC.
local MOMENT = 1795633380 -- 2026-11-25 19:03

--- Writes a file of the child's folder, so many seconds before the moment.
local function write(child, name, text, age)
  local path = vim.fs.joinpath(child.folder, name)
  files.write(path, text)
  assert(vim.uv.fs_utime(path, MOMENT - age, MOMENT - age))
  return path
end

local function start(options)
  return case.child(vim.tbl_deep_extend("force", { env = { TZ = "UTC" } }, options or {}))
end

--- Three chats and a note.
local function write_three(child)
  write(child, "chat-b.md", "# Why is the sky blue?\n\nReally.\n", 0)
  write(child, "chat-a.md", "Old?\n\n# === ASSISTANT ===\n\nThe Needle.\n", 3600)
  write(child, "plan.md", "+++\nmodel = 'm1'\n+++\n", 60)
  write(child, "note.md", "no chat\n", 1)
end

--- Makes pickers choose the chat of that name, or nothing; records what they were given.
local function stub_picker(child, name)
  child:lua(
    [[
    local name = ...
    _G.shown = nil
    vim.ui.select = function(items, options, on_choice)
      local lines = {}
      for _, item in ipairs(items) do
        table.insert(lines, options.format_item(item, true))
      end
      _G.shown = { lines = lines, prompt = options.prompt, kind = options.kind }
      _G.items, _G.options, _G.on_choice = items, options, on_choice
      if name == false then
        return
      end
      for index, item in ipairs(items) do
        if item.name == name then
          return on_choice(item, index)
        end
      end
      on_choice(nil)
    end
  ]],
    name
  )
end

local function shown(child)
  return wait.until_true("the picker", function()
    local got = child:lua("return _G.shown")
    return got ~= vim.NIL and got
  end)
end

--- Waits until the current buffer's name ends with this one.
local function wait_name(child, name)
  wait.until_true(name .. " in the window", function()
    return vim.fs.basename(child:api("nvim_buf_get_name", 0)) == name
  end)
end

local function wait_message(child, part)
  wait.until_true(("the message %q"):format(part), function()
    return child:messages():find(part, 1, true)
  end)
end

--- Runs the command and waits for its one message.
local function refuse(child, command, message)
  local before = child:messages()
  child:command(command)
  wait_message(child, message)
  child:sync()
  eq(child:messages():sub(#before + 1):gsub("\n", " "):find(message, 1, true) ~= nil, true)
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["lists the chats newest first, with their question and date"] = function()
  local child = start()
  write_three(child)
  stub_picker(child, "chat-a.md")
  child:command("ChatvimChats")
  eq(shown(child), {
    prompt = "Chats:",
    kind = "chatvim-chat",
    lines = {
      "2026-11-25 19:03  Why is the sky blue?  (chat-b.md)",
      "2026-11-25 19:02  (no question yet)  (plan.md)",
      "2026-11-25 18:03  Old?  (chat-a.md)",
    },
  })
  wait_name(child, "chat-a.md")
  eq(child:lines()[1], "Old?")
  eq(#child:api("nvim_list_wins"), 1)
  case.expect_calm(child)
end

T["with a text, those that contain it"] = function()
  local child = start()
  write_three(child)
  stub_picker(child)
  child:command("ChatvimChats  needle ")
  eq(shown(child).lines, { "2026-11-25 18:03  Old?  (chat-a.md)" })
  eq(shown(child).prompt, 'Chats with "needle":')
  stub_picker(child)
  -- Neither a bar nor a quote ends the command.
  write(child, "chat-c.md", 'x a "b|c" y\n', 0)
  child:command('ChatvimChats a "b|c"')
  eq(shown(child).lines, { '2026-11-25 19:03  x a "b|c" y  (chat-c.md)' })
  refuse(child, "ChatvimChats nEEdle", 'contains "nEEdle"')
end

T["the folder is that of the option, with ~ and variables, else the working directory"] = function()
  local child = start()
  child:lua("vim.fn.mkdir(... .. '/my chats', 'p')", child.home)
  write(child, "chat-here.md", "Here?\n", 0)
  files.write(child.home .. "/my chats/chat-there.md", "There?\n")
  child:lua("vim.env.HOME = ...; vim.env.PLACE = ...", child.home)
  for _, folder in ipairs({ "~/my chats", "$PLACE/my chats/", "../my chats" }) do
    child:lua("vim.g.chatvim = vim.tbl_extend('force', vim.g.chatvim, { chat_dir = ... })", folder)
    stub_picker(child)
    child:command("ChatvimChats")
    case.expect_part(shown(child).lines[1], "There?")
    eq(child:lua("return _G.items[1].file"), child.home .. "/my chats/chat-there.md")
  end
  child:lua("vim.g.chatvim = vim.tbl_extend('force', vim.g.chatvim, { chat_dir = '' })")
  stub_picker(child)
  child:command("ChatvimChats")
  case.expect_part(shown(child).lines[1], "Here?")
  case.expect_calm(child)
end

T["what cannot be listed is said in one sentence"] = function()
  local child = start()
  stub_picker(child)
  refuse(child, "ChatvimChats", "there is no chat in ")
  refuse(child, "ChatvimChats x", ' contains "x"')
  child:lua("vim.g.chatvim = vim.tbl_extend('force', vim.g.chatvim, { chat_dir = 'nowhere' })")
  local folder = child.folder .. "/nowhere"
  refuse(child, "ChatvimChats", ("The chat folder %s cannot be read: No such file"):format(folder))
  files.write(folder, "x")
  refuse(
    child,
    "ChatvimChats",
    ("The chat folder %s cannot be read: Not a directory"):format(folder)
  )
  eq(child:lua("return _G.shown"), vim.NIL)
  if vim.uv.getuid() ~= 0 then
    vim.uv.fs_unlink(folder)
    vim.uv.fs_mkdir(folder, 0)
    refuse(child, "ChatvimChats", "Permission denied")
  end
end

T["a program that is not there is one sentence"] = function()
  local child = start({ options = { program = "/nowhere/chatvim" } })
  refuse(child, "ChatvimChats", "/nowhere/chatvim")
end

T["the command's modifiers say where the chat opens"] = function()
  local child = start()
  write_three(child)
  child:chat("mine\n", "mine.txt")
  child:lua("_G.win = vim.api.nvim_get_current_win()")
  stub_picker(child, "chat-b.md")
  local layout = "return vim.fn.winlayout()[1]"
  child:command("vertical ChatvimChats")
  wait_name(child, "chat-b.md")
  eq(child:lua(layout), "row")
  child:command("only | edit mine.txt | botright ChatvimChats")
  wait_name(child, "chat-b.md")
  eq(child:lua(layout), "col")
  eq(child:lua("return vim.fn.winnr() == vim.fn.winnr('$')"), true)
  child:command("only | edit mine.txt | horizontal ChatvimChats")
  wait_name(child, "chat-b.md")
  eq(child:lua(layout), "col")
  child:command("only | edit mine.txt | tab ChatvimChats")
  wait_name(child, "chat-b.md")
  eq(#child:api("nvim_list_tabpages"), 2)
  case.expect_calm(child)
end

T["a chat in a window of the tab is gone to, and split where the command says so"] = function()
  local child = start()
  write_three(child)
  child:chat("mine\n", "mine.txt")
  child:command("split chat-b.md | normal! jA changed")
  local win = child:api("nvim_get_current_win")
  child:command("wincmd p")
  stub_picker(child, "chat-b.md")
  child:command("ChatvimChats")
  wait_name(child, "chat-b.md")
  eq(child:api("nvim_get_current_win"), win)
  eq(#child:api("nvim_list_wins"), 2)
  -- The window that shows it is the current one: the changes stay, nothing is read again.
  child:command("ChatvimChats")
  wait.until_true("the picker's end", function()
    return child:lua("return _G.shown") ~= vim.NIL
  end)
  child:sync()
  eq(child:lines()[2], " changed")
  child:command("vertical ChatvimChats")
  wait.until_true("a third window", function()
    return #child:api("nvim_list_wins") == 3
  end)
  case.expect_calm(child)
end

T["names of every kind are opened as they are"] = function()
  local child = start()
  local name = "chat-a b|c%#\\d$HOME`e`*[f]'\"{g,h}.md"
  write(child, name, "Name?\n", 0)
  stub_picker(child, name)
  for _, command in ipairs({ "ChatvimChats", "enew | vertical ChatvimChats" }) do
    child:command(command)
    wait_name(child, name)
    eq(child:text(), "Name?")
  end
  local odd = "chat-\n\1.md"
  write(child, odd, "Odd?\n", 0)
  stub_picker(child)
  child:command("ChatvimChats odd")
  eq(shown(child).lines, { "2026-11-25 19:03  Odd?  (chat-??.md)" })
  case.expect_calm(child)
end

T["a chat that has gone opens nothing"] = function()
  local child = start()
  write_three(child)
  child:chat("mine\n", "mine.txt")
  stub_picker(child, false)
  child:command("tab ChatvimChats")
  shown(child)
  vim.uv.fs_unlink(child.folder .. "/chat-b.md")
  local bufs = #child:api("nvim_list_bufs")
  child:lua("_G.on_choice(_G.items[1], 1)")
  wait_message(child, "chat-b.md is no longer there; nothing was opened")
  eq(#child:api("nvim_list_bufs"), bufs)
  eq(#child:api("nvim_list_tabpages"), 1)
  eq(child:text(), "mine")
end

T["changes that would be lost keep the chat closed"] = function()
  local child = start({ commands = { "set nohidden" } })
  write_three(child)
  child:chat("mine\n", "mine.txt")
  child:command("normal! Achanged")
  stub_picker(child, "chat-b.md")
  child:command("ChatvimChats")
  wait_message(child, "chat-b.md was not opened: the current buffer has changes that are not")
  eq(child:text(), "minechanged")
  eq(child:lua("return vim.bo.modified"), true)
  child:command("vertical ChatvimChats")
  wait_name(child, "chat-b.md")
  if child:lua("return vim.fn.exists('&winfixbuf')") == 1 then
    child:command("only! | edit! mine.txt | set winfixbuf")
    child:command("ChatvimChats")
    wait_message(child, "chat-b.md was not opened: E1513")
  end
end

T["a cancelled list changes nothing"] = function()
  local child = start()
  write_three(child)
  child:chat("mine\n", "mine.txt")
  stub_picker(child)
  child:command("ChatvimChats")
  shown(child)
  child:sync()
  eq(child:text(), "mine")
  case.expect_calm(child)
end

T["a picker gets what it needs to preview a chat"] = function()
  local child = start()
  write_three(child)
  write(child, "chat-b.md", "+++\nseed = 1\n+++\r\n\nWhy?\n\nmore\0text\n", 0)
  stub_picker(child, false)
  child:command("ChatvimChats")
  shown(child)
  eq(child:lua("return { _G.items[1].file, _G.items[1].path, _G.items[1].pos }"), {
    child.folder .. "/chat-b.md",
    child.folder .. "/chat-b.md",
    { 5, 0 },
  })
  local bufs = #child:api("nvim_list_bufs")
  local preview = child:lua("return _G.options.preview_item(_G.items[1])")
  eq(preview.pos, { 5, 0 })
  eq(child:lines(preview.buf)[5], "Why?")
  eq(child:lua("return vim.bo[...].buftype", preview.buf), "nofile")
  eq(child:lua("return _G.options.preview_item(_G.items[1])"), preview)
  vim.uv.fs_unlink(child.folder .. "/plan.md")
  eq(child:lua("return next(_G.options.preview_item(_G.items[2])) == nil"), true)
  child:lua("_G.on_choice(nil)")
  wait.until_true("no preview", function()
    return #child:api("nvim_list_bufs") == bufs
  end)
  case.expect_calm(child)
end

T["a picker that fails is one sentence"] = function()
  local child = start()
  write_three(child)
  child:lua("vim.ui.select = function() error('broken', 0) end")
  refuse(child, "ChatvimChats", "the list of chats cannot be shown: broken")
end

T["a second question takes the place of the first"] = function()
  local child = start()
  write_three(child)
  stub_picker(child, false)
  child:lua([[
    local select, process = vim.ui.select, require("chatvim.process")
    local listen, forget, tell = process.listen, process.forget, process.tell
    _G.count, _G.open, _G.cancelled = 0, {}, {}
    vim.ui.select = function(...)
      _G.count = _G.count + 1
      select(...)
    end
    process.listen = function(id, ...)
      _G.open[id] = true
      listen(id, ...)
    end
    process.forget = function(id)
      _G.open[id] = nil
      forget(id)
    end
    process.tell = function(name, map)
      table.insert(_G.cancelled, { name, map.id })
      tell(name, map)
    end
  ]])
  child:lua("vim.cmd.ChatvimChats('needle'); vim.cmd.ChatvimChats(); vim.cmd.ChatvimChats('old')")
  eq(#shown(child).lines, 1)
  -- Whatever the program still had to say has been said before this.
  child:lua("require('chatvim.query').wait('messages', 0, 5000)")
  child:sync()
  eq(child:lua("return _G.count"), 1)
  eq(child:lua("return next(_G.open) == nil"), true)
  eq(child:lua("return _G.cancelled"), { { "cancel", 1 }, { "cancel", 2 } })
  case.expect_calm(child)
end

T["a program that ends while it reads is said once; the next question starts another"] = function()
  local child = start()
  write_three(child)
  stub_picker(child)
  child:lua("require('chatvim.query').wait('messages', 0, 5000)")
  vim.uv.kill(child:program_pid(), "sigstop")
  child:command("ChatvimChats")
  wait_message(child, "reading ")
  vim.uv.kill(child:program_pid(), "sigkill")
  wait_message(child, "the chatvim program ended")
  eq(child:lua("return _G.shown"), vim.NIL)
  child:command("ChatvimChats")
  eq(#shown(child).lines, 3)
end

T["thousands of chats come in parts"] = function()
  local child = start()
  for number = 1, 5000 do
    files.write(("%s/chat-%d.md"):format(child.folder, number), ("%d?\n"):format(number))
  end
  stub_picker(child)
  child:lua([[
    local process = require("chatvim.process")
    local receive = process.receive
    _G.parts = 0
    process.receive = function(name, map)
      _G.parts = _G.parts + (name == "chats" and 1 or 0)
      receive(name, map)
    end
  ]])
  child:command("ChatvimChats")
  eq(#shown(child).lines, 5000)
  eq(child:lua("return _G.parts >= 10"), true)
  case.expect_calm(child)
end

--- Opens Neovim's own list and waits until it asks for a number. Nothing else can be asked of an
--- old Neovim then, so that what the list holds is kept from before.
local function open_own_list(child, command)
  child:lua([[
    _G.choices = nil
    _G.inputlist = _G.inputlist or vim.fn.inputlist
    vim.fn.inputlist = function(lines)
      _G.choices = lines
      return _G.inputlist(lines)
    end
  ]])
  child:type((":%s<CR>"):format(command))
  wait.until_true("the question", function()
    local mode = child:api("nvim_get_mode").mode
    return mode == "rm" or (mode == "c" and child:lua("return _G.choices ~= nil"))
  end)
end

--- Answers it.
local function answer(child, keys)
  child:type(keys)
  wait.until_true("the end of the question", function()
    return child:api("nvim_get_mode").mode == "n"
  end)
end

T["Neovim's own list: typing the number opens the chat"] = function()
  local child = start({ screen = true })
  write_three(child)
  open_own_list(child, "ChatvimChats")
  answer(child, "3<CR>")
  wait_name(child, "chat-a.md")
  eq(child:lua("return _G.choices"), {
    "Chats:",
    "1: 2026-11-25 19:03  Why is the sky blue?  (chat-b.md)",
    "2: 2026-11-25 19:02  (no question yet)  (plan.md)",
    "3: 2026-11-25 18:03  Old?  (chat-a.md)",
  })
  for _, keys in ipairs({ "<CR>", "<Esc>", "<C-c>", "9<CR>" }) do
    open_own_list(child, "vertical ChatvimChats")
    answer(child, keys)
    child:sync()
    eq(#child:api("nvim_list_wins"), 1)
    eq(vim.fs.basename(child:api("nvim_buf_get_name", 0)), "chat-a.md")
  end
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["Neovim's own list has as many of the newest as fit the screen"] = function()
  local child = start({ screen = true })
  for number = 1, 100 do
    local question = ("%d %s?\n"):format(number, ("空"):rep(60))
    write(child, ("chat-%03d.md"):format(number), question, number)
  end
  open_own_list(child, "ChatvimChats")
  -- Were it shown in pages, the number would not be asked for yet.
  answer(child, "19<CR>")
  wait_name(child, "chat-019.md")
  local choices = child:lua("return _G.choices")
  eq(#choices, 21)
  eq(choices[1], "Chats, the newest 20 of 100 (:ChatvimChats TEXT narrows):")
  for _, line in ipairs(choices) do
    eq(vim.api.nvim_strwidth(line) < 80, true)
  end
  case.expect_part(choices[20], "19: 2026-11-25 19:02  19 空空")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["the list waits while the user is in the command line"] = function()
  local child = start({ screen = true })
  write_three(child)
  stub_picker(child, false)
  child:lua("vim.keymap.set('n', 'gl', '<Cmd>ChatvimChats<CR>:echo 1', {})")
  child:type("gl")
  wait.until_true("the command line", function()
    return child:api("nvim_get_mode").mode == "c"
  end)
  child:lua("return require('chatvim.query').wait('messages', 0, 5000)")
  child:sync()
  eq(child:lua("return _G.shown"), vim.NIL)
  child:type("<Esc>")
  eq(#shown(child).lines, 3)
end

T["nothing of the user's is disturbed but where the chat opens"] = function()
  local child = start()
  write_three(child)
  child:chat(("line\n"):rep(50), "mine.txt")
  child:feed("20Gzt3lyiwma/line<CR>")
  local function state()
    return child:lua([[
      local registers = {}
      for name in ('"0123456789abc-/:.'):gmatch(".") do
        registers[name] = vim.fn.getreg(name)
      end
      return { registers, vim.fn.getmarklist(), vim.fn.getjumplist(), vim.fn.getqflist(),
        vim.fn.bufnr("#"), vim.fn.getcwd(), vim.o.shortmess, vim.fn.winlayout() }
    ]])
  end
  local before, view = state(), views.all(child)
  stub_picker(child)
  child:command("ChatvimChats")
  shown(child)
  child:sync()
  eq(state(), before)
  eq(views.all(child), view)
end

return T
