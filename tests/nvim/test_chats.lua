-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimChats lists the chats of the chat folder, newest first.
local case = require("helpers.case")
local chats = require("helpers.chats")
local files = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

T["lists the chats newest first, with question and date"] = function()
  local child = chats.start()
  chats.write_three(child)
  chats.stub_picker(child, "chat-a.md")
  child:command("ChatvimChats")
  eq(chats.shown(child), {
    prompt = "Chats:",
    kind = "chatvim-chat",
    lines = {
      "2026-11-25 19:03  Why is the sky blue?  (chat-b.md)",
      "2026-11-25 19:02  (no question yet)  (plan.md)",
      "2026-11-25 18:03  Old?  (chat-a.md)",
    },
  })
  chats.wait_name(child, "chat-a.md")
  eq(child:lines()[1], "Old?")
  eq(#child:api("nvim_list_wins"), 1)
  case.expect_calm(child)
end

T["with an argument, lists the chats that contain it"] = function()
  local child = chats.start()
  chats.write_three(child)
  chats.stub_picker(child)
  child:command("ChatvimChats  needle ")
  eq(chats.shown(child).lines, { "2026-11-25 18:03  Old?  (chat-a.md)" })
  eq(chats.shown(child).prompt, 'Chats with "needle":')
  chats.stub_picker(child)
  -- A bar or a quote does not end the command.
  chats.write(child, "chat-c.md", 'x a "b|c" y\n', 0)
  child:command('ChatvimChats a "b|c"')
  eq(chats.shown(child).lines, { '2026-11-25 19:03  x a "b|c" y  (chat-c.md)' })
  chats.refuse(child, "ChatvimChats nEEdle", 'contains "nEEdle"')
end

T["the folder is the option's, with ~ and variables, else the working directory"] = function()
  local child = chats.start()
  child:lua("vim.fn.mkdir(... .. '/my chats', 'p')", child.home)
  chats.write(child, "chat-here.md", "Here?\n", 0)
  files.write(child.home .. "/my chats/chat-there.md", "There?\n")
  child:lua("vim.env.HOME = ...; vim.env.PLACE = ...", child.home)
  for _, folder in ipairs({ "~/my chats", "$PLACE/my chats/", "../my chats" }) do
    child:lua("vim.g.chatvim = vim.tbl_extend('force', vim.g.chatvim, { chat_dir = ... })", folder)
    chats.stub_picker(child)
    child:command("ChatvimChats")
    case.expect_part(chats.shown(child).lines[1], "There?")
    eq(child:lua("return _G.items[1].file"), child.home .. "/my chats/chat-there.md")
  end
  child:lua("vim.g.chatvim = vim.tbl_extend('force', vim.g.chatvim, { chat_dir = '' })")
  chats.stub_picker(child)
  child:command("ChatvimChats")
  case.expect_part(chats.shown(child).lines[1], "Here?")
  case.expect_calm(child)
end

T["a folder that cannot be listed is reported in one sentence"] = function()
  local child = chats.start()
  chats.stub_picker(child)
  chats.refuse(child, "ChatvimChats", "there is no chat in ")
  chats.refuse(child, "ChatvimChats x", ' contains "x"')
  child:lua("vim.g.chatvim = vim.tbl_extend('force', vim.g.chatvim, { chat_dir = 'nowhere' })")
  local folder = child.folder .. "/nowhere"
  chats.refuse(
    child,
    "ChatvimChats",
    ("The chat folder %s cannot be read: No such file"):format(folder)
  )
  files.write(folder, "x")
  chats.refuse(
    child,
    "ChatvimChats",
    ("The chat folder %s cannot be read: Not a directory"):format(folder)
  )
  eq(child:lua("return _G.shown"), vim.NIL)
  if vim.uv.getuid() ~= 0 then
    vim.uv.fs_unlink(folder)
    vim.uv.fs_mkdir(folder, 0)
    chats.refuse(child, "ChatvimChats", "Permission denied")
  end
end

T["a missing program is reported in one sentence"] = function()
  local child = chats.start({ options = { program = "/nowhere/chatvim" } })
  chats.refuse(child, "ChatvimChats", "/nowhere/chatvim")
end

T["a cancelled list changes nothing"] = function()
  local child = chats.start()
  chats.write_three(child)
  child:chat("mine\n", "mine.txt")
  chats.stub_picker(child)
  child:command("ChatvimChats")
  chats.shown(child)
  child:sync()
  eq(child:text(), "mine")
  case.expect_calm(child)
end

T["a picker gets what it needs to preview a chat"] = function()
  local child = chats.start()
  chats.write_three(child)
  chats.write(child, "chat-b.md", "+++\nseed = 1\n+++\r\n\nWhy?\n\nmore\0text\n", 0)
  chats.stub_picker(child, false)
  child:command("ChatvimChats")
  chats.shown(child)
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

T["a picker that fails is reported in one sentence"] = function()
  local child = chats.start()
  chats.write_three(child)
  child:lua("vim.ui.select = function() error('broken', 0) end")
  chats.refuse(child, "ChatvimChats", "the list of chats cannot be shown: broken")
end

T["a second question replaces the first"] = function()
  local child = chats.start()
  chats.write_three(child)
  chats.stub_picker(child, false)
  child:lua([[
    local select, process = vim.ui.select, require("chatvim.program.process")
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
  eq(#chats.shown(child).lines, 1)
  -- After this answer no earlier message of the program is pending.
  child:lua("require('chatvim.program.query').wait('messages', 0, 5000)")
  child:sync()
  eq(child:lua("return _G.count"), 1)
  eq(child:lua("return next(_G.open) == nil"), true)
  eq(child:lua("return _G.cancelled"), { { "cancel", 1 }, { "cancel", 2 } })
  case.expect_calm(child)
end

T["a program that dies while reading is reported once; the next list restarts it"] = function()
  local child = chats.start()
  chats.write_three(child)
  chats.stub_picker(child)
  child:lua("require('chatvim.program.query').wait('messages', 0, 5000)")
  vim.uv.kill(child:program_pid(), "sigstop")
  child:command("ChatvimChats")
  child:wait_message("reading ")
  vim.uv.kill(child:program_pid(), "sigkill")
  child:wait_message("the chatvim program ended")
  eq(child:lua("return _G.shown"), vim.NIL)
  child:command("ChatvimChats")
  eq(#chats.shown(child).lines, 3)
end

T["thousands of chats arrive in parts"] = function()
  local child = chats.start()
  for number = 1, 5000 do
    files.write(("%s/chat-%d.md"):format(child.folder, number), ("%d?\n"):format(number))
  end
  chats.stub_picker(child)
  child:lua([[
    local process = require("chatvim.program.process")
    local receive = process.receive
    _G.parts = 0
    process.receive = function(name, map)
      _G.parts = _G.parts + (name == "chats" and 1 or 0)
      receive(name, map)
    end
  ]])
  child:command("ChatvimChats")
  eq(#chats.shown(child).lines, 5000)
  eq(child:lua("return _G.parts >= 10"), true)
  case.expect_calm(child)
end

T["the list waits while the user is in the command line"] = function()
  local child = chats.start({ screen = true })
  chats.write_three(child)
  chats.stub_picker(child, false)
  child:lua("vim.keymap.set('n', 'gl', '<Cmd>ChatvimChats<CR>:echo 1', {})")
  child:type("gl")
  wait.until_true("the command line", function()
    return child:api("nvim_get_mode").mode == "c"
  end)
  child:lua("return require('chatvim.program.query').wait('messages', 0, 5000)")
  child:sync()
  eq(child:lua("return _G.shown"), vim.NIL)
  child:type("<Esc>")
  eq(#chats.shown(child).lines, 3)
end

return T
