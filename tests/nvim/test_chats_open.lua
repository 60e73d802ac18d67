-- SPDX-License-Identifier: Apache-2.0
-- The window in which :ChatvimChats opens the chosen chat, and Neovim's built-in list.
local case = require("helpers.case")
local chats = require("helpers.chats")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

T["the command's modifiers choose where the chat opens"] = function()
  local child = chats.start()
  chats.write_three(child)
  child:chat("mine\n", "mine.txt")
  child:lua("_G.win = vim.api.nvim_get_current_win()")
  chats.stub_picker(child, "chat-b.md")
  local layout = "return vim.fn.winlayout()[1]"
  child:command("vertical ChatvimChats")
  chats.wait_name(child, "chat-b.md")
  eq(child:lua(layout), "row")
  child:command("only | edit mine.txt | botright ChatvimChats")
  chats.wait_name(child, "chat-b.md")
  eq(child:lua(layout), "col")
  eq(child:lua("return vim.fn.winnr() == vim.fn.winnr('$')"), true)
  child:command("only | edit mine.txt | horizontal ChatvimChats")
  chats.wait_name(child, "chat-b.md")
  eq(child:lua(layout), "col")
  child:command("only | edit mine.txt | tab ChatvimChats")
  chats.wait_name(child, "chat-b.md")
  eq(#child:api("nvim_list_tabpages"), 2)
  case.expect_calm(child)
end

T["if a window of the tab shows the chat, that one is used, or split on request"] = function()
  local child = chats.start()
  chats.write_three(child)
  child:chat("mine\n", "mine.txt")
  child:command("split chat-b.md | normal! jA changed")
  local win = child:api("nvim_get_current_win")
  child:command("wincmd p")
  chats.stub_picker(child, "chat-b.md")
  child:command("ChatvimChats")
  chats.wait_name(child, "chat-b.md")
  eq(child:api("nvim_get_current_win"), win)
  eq(#child:api("nvim_list_wins"), 2)
  -- The current window already shows it: the changes stay, nothing is reloaded.
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

T["names with special characters are opened as they are"] = function()
  local child = chats.start()
  local name = "chat-a b|c%#\\d$HOME`e`*[f]'\"{g,h}.md"
  chats.write(child, name, "Name?\n", 0)
  chats.stub_picker(child, name)
  for _, command in ipairs({ "ChatvimChats", "enew | vertical ChatvimChats" }) do
    child:command(command)
    chats.wait_name(child, name)
    eq(child:text(), "Name?")
  end
  local odd = "chat-\n\1.md"
  chats.write(child, odd, "Odd?\n", 0)
  chats.stub_picker(child)
  child:command("ChatvimChats odd")
  eq(chats.shown(child).lines, { "2026-11-25 19:03  Odd?  (chat-??.md)" })
  case.expect_calm(child)
end

T["a chat that no longer exists opens nothing"] = function()
  local child = chats.start()
  chats.write_three(child)
  child:chat("mine\n", "mine.txt")
  chats.stub_picker(child, false)
  child:command("tab ChatvimChats")
  chats.shown(child)
  vim.uv.fs_unlink(child.folder .. "/chat-b.md")
  local bufs = #child:api("nvim_list_bufs")
  child:lua("_G.on_choice(_G.items[1], 1)")
  child:wait_message("chat-b.md is no longer there; nothing was opened")
  eq(#child:api("nvim_list_bufs"), bufs)
  eq(#child:api("nvim_list_tabpages"), 1)
  eq(child:text(), "mine")
end

T["the chat does not open if changes would be lost"] = function()
  local child = chats.start({ commands = { "set nohidden" } })
  chats.write_three(child)
  child:chat("mine\n", "mine.txt")
  child:command("normal! Achanged")
  chats.stub_picker(child, "chat-b.md")
  child:command("ChatvimChats")
  child:wait_message("chat-b.md was not opened: no write since last change")
  eq(child:text(), "minechanged")
  eq(child:lua("return vim.bo.modified"), true)
  child:command("vertical ChatvimChats")
  chats.wait_name(child, "chat-b.md")
  if child:lua("return vim.fn.exists('&winfixbuf')") == 1 then
    -- A window with 'winfixbuf' is split.
    child:command("only! | edit! mine.txt | set winfixbuf")
    child:command("ChatvimChats")
    chats.wait_name(child, "chat-b.md")
    eq(#child:api("nvim_list_wins"), 2)
  end
end

--- Opens Neovim's built-in list and waits until it asks for a number. Neovim 0.10 then answers no
--- other request, so the items are recorded before.
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

--- Types the answer to the list.
local function answer(child, keys)
  child:type(keys)
  wait.until_true("the end of the question", function()
    return child:api("nvim_get_mode").mode == "n"
  end)
end

T["Neovim's built-in list: typing the number opens the chat"] = function()
  local child = chats.start({ screen = true })
  chats.write_three(child)
  open_own_list(child, "ChatvimChats")
  answer(child, "3<CR>")
  chats.wait_name(child, "chat-a.md")
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

T["Neovim's built-in list has as many of the newest chats as fit the screen"] = function()
  local child = chats.start({ screen = true })
  for number = 1, 100 do
    local question = ("%d %s?\n"):format(number, ("空"):rep(60))
    chats.write(child, ("chat-%03d.md"):format(number), question, number)
  end
  open_own_list(child, "ChatvimChats")
  -- If the list were shown in pages, the prompt would not have appeared yet.
  answer(child, "19<CR>")
  chats.wait_name(child, "chat-019.md")
  local choices = child:lua("return _G.choices")
  eq(#choices, 21)
  eq(choices[1], "Chats, the newest 20 of 100 (:ChatvimChats TEXT narrows):")
  for _, line in ipairs(choices) do
    eq(vim.api.nvim_strwidth(line) < 80, true)
  end
  case.expect_part(choices[20], "19: 2026-11-25 19:02  19 空空")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["nothing of the user's changes except where the chat opens"] = function()
  local child = chats.start()
  chats.write_three(child)
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
  chats.stub_picker(child)
  child:command("ChatvimChats")
  chats.shown(child)
  child:sync()
  eq(state(), before)
  eq(views.all(child), view)
end

return T
