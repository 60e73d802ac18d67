-- SPDX-License-Identifier: Apache-2.0
-- The global keys, and the key that answers a file without any sign of being a chat.
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Records the questions, and answers with the choice of this number.
local ASK = [[
  local choice = ...
  _G.asked = {}
  vim.ui.select = function(items, options, on_choice)
    table.insert(_G.asked, options.prompt)
    on_choice(items[choice], choice)
  end
]]

T["a new chat, the list, and the chat shown and hidden, from any buffer"] = function()
  local child = case.child()
  child:command("edit code.txt")
  child:type("\\cvnr")
  wait.until_true("the new chat", function()
    return child:api("nvim_buf_get_name", 0):find("chat%-%d+") ~= nil
  end)
  eq(#child:api("nvim_tabpage_list_wins", 0), 2)
  child:type("\\cvt")
  wait.until_true("one window", function()
    return #child:api("nvim_tabpage_list_wins", 0) == 1
  end)
  eq(vim.fs.basename(child:api("nvim_buf_get_name", 0)), "code.txt")
  child:type("\\cvt")
  wait.until_true("two windows", function()
    return #child:api("nvim_tabpage_list_wins", 0) == 2
  end)
end

T["a file is embedded in the last used chat"] = function()
  local child = case.child()
  local chat = child:chat("# === USER ===\n\nLook at this:\n")
  files.write(child.folder .. "/src (1).txt", "code\n")
  child:command("edit " .. vim.fn.fnameescape(child.folder .. "/src (1).txt"))
  child:type("\\cve")
  child:wait_text("![](<src (1).txt>)", chat)
  eq(child:api("nvim_get_current_buf"), chat)
  case.standin:script({ replies.answer("A") })
  child:complete()
  case.expect_part(case.standin:requests()[1].json.messages[1].content, "code")
end

T["mapped keys stay as they are, and the option removes ours"] = function()
  local own = case.child({ commands = { "nnoremap <Leader>cvl :echo 1<CR>" } })
  eq(own:lua("return vim.fn.maparg('\\\\cvl', 'n')"), ":echo 1<CR>")
  local none = case.child({ options = { keys = false } })
  eq(none:lua("return vim.fn.maparg('\\\\cvnn', 'n')"), "")
  local later = case.child()
  eq(later:lua("return vim.fn.maparg('\\\\cvnn', 'n')"), "<Plug>(chatvim-new)")
  later:chat("# === USER ===\n\nQ\n")
  later:lua("require('chatvim').setup({ keys = false })")
  eq(later:lua("return vim.fn.maparg('\\\\cvnn', 'n')"), "")
  eq(later:lua("return vim.fn.maparg('\\\\cvhl', 'n')"), "")
  eq(later:lua("return vim.fn.maparg('\\\\cve', 'x')"), "")
end

T["a key is free only if no key of the user begins with it or is its beginning"] = function()
  local child = case.child({
    commands = { "nnoremap <Leader>cvh :echo 1<CR>", "nnoremap <Leader>cvtt :echo 2<CR>" },
  })
  for _, key in ipairs({ "\\cvhh", "\\cvhl", "\\cvt" }) do
    eq({ key, child:lua("return vim.fn.maparg(..., 'n')", key) }, { key, "" })
  end
  eq(child:lua("return vim.fn.maparg(..., 'n')", "\\cvl"), "<Plug>(chatvim-chats)")
end

T["the guide and new chats on the sides that the keys name"] = function()
  for key, expected in pairs({
    cvhh = "chatvim-help*",
    cvhl = "row(chatvim-help*, a.txt)",
    cvhb = "col(a.txt, chatvim-help*)",
    cvnt = "col(chat*, a.txt)",
  }) do
    local child = case.child()
    child:command("edit a.txt")
    child:feed("\\" .. key)
    eq({ key, layout.of(child) }, { key, expected })
    child:stop()
  end
end

T["the key asks once in a file without any sign of being a chat"] = function()
  local child = case.child()
  child:chat("A project.\n", "README.md")
  child:lua(ASK, 1)
  child:type("\\cvc")
  wait.until_true("the question", function()
    return child:lua("return #_G.asked") == 1
  end)
  child:sync()
  eq(#case.standin:requests(), 0)
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:lua(ASK, 2)
  child:type("\\cvc")
  child:wait_end()
  eq(child:lua("return #_G.asked"), 1)
  child:feed("GiMore<Esc>")
  child:type("\\cvc")
  child:wait_end(2)
  eq(child:lua("return #_G.asked"), 1)
  -- A chat and a new buffer are answered without a question.
  case.standin:script({ replies.answer("C") })
  child:chat("# === USER ===\n\nQ\n", "other.md")
  child:type("\\cvc")
  child:wait_end(3)
  eq(child:lua("return #_G.asked"), 1)
end

T["a chat in the list is renamed or deleted"] = function()
  local child = case.child()
  files.write(child.folder .. "/chat-2026-01-02-03-04-05.md", "# === USER ===\n\nFirst\n")
  child:lua([[
    _G.prompts, _G.lists = {}, {}
    vim.ui.input = function(_, on_confirm)
      on_confirm("better")
    end
    vim.ui.select = function(items, options, on_choice)
      table.insert(_G.prompts, options.prompt)
      local format = options.format_item or tostring
      table.insert(_G.lists, format(items[1]))
      local number = table.remove(_G.choices, 1)
      on_choice(items[number], number)
    end
  ]])
  child:lua("_G.choices = { 1, 3 }; vim.cmd('ChatvimChats!')")
  wait.until_true("its new name", function()
    return vim.uv.fs_stat(child.folder .. "/better.md")
  end)
  -- The line has its date only once.
  eq(child:lua("return _G.lists[1]"):find("^%d+%-%d+%-%d+ %d+:%d+  First$"), 1)
  child:lua("_G.choices = { 1, 4, 2 }; vim.cmd('ChatvimChats!')")
  wait.until_true("its end", function()
    return not vim.uv.fs_stat(child.folder .. "/better.md")
  end)
end

return T
