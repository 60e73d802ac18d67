-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimNew: which window shows the new chat, and what is reported if no window can.
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

T["directions, as an argument and in the command's name"] = function()
  local child = case.child()
  for direction, expected in pairs({
    left = "row(chat*, a.txt)",
    right = "row(a.txt, chat*)",
    top = "col(chat*, a.txt)",
    bottom = "col(a.txt, chat*)",
  }) do
    local named = direction:sub(1, 1):upper() .. direction:sub(2)
    for _, command in ipairs({ "ChatvimNew " .. direction, "ChatvimNew" .. named }) do
      -- An explicit direction overrides the user's preference.
      child:command("only | edit a.txt | set splitright splitbelow")
      child:command(command)
      eq({ command, layout.of(child) }, { command, expected })
      child:command("only | edit a.txt | set nosplitright nosplitbelow")
      child:command(command)
      eq({ command, layout.of(child) }, { command, expected })
    end
  end
end

T["command modifiers, alone and with a direction"] = function()
  local child = case.child()
  for _, row in ipairs({
    { "ChatvimNew", "row(chat*, b.txt)" },
    { "hide ChatvimNew", "row(chat*, b.txt)" },
    { "vertical ChatvimNew", "row(chat*, a.txt, b.txt)" },
    { "belowright vertical ChatvimNew", "row(a.txt, chat*, b.txt)" },
    { "horizontal ChatvimNew", "row(col(chat*, a.txt), b.txt)" },
    { "aboveleft ChatvimNew", "row(col(chat*, a.txt), b.txt)" },
    { "botright ChatvimNew", "col(row(a.txt, b.txt), chat*)" },
    { "botright ChatvimNew right", "row(a.txt, b.txt, chat*)" },
    { "topleft ChatvimNewTop", "col(chat*, row(a.txt, b.txt))" },
    { "tab ChatvimNew", "chat*" },
    { "tab ChatvimNew left", "chat*" },
  }) do
    child:command("silent! tabonly | only | edit a.txt | belowright vsplit b.txt | wincmd h")
    child:command(row[1])
    eq({ row[1], layout.of(child) }, row)
  end
end

T["a split follows the user's 'splitright'"] = function()
  local child = case.child({ commands = { "set splitright" } })
  child:command("edit a.txt | vertical ChatvimNew")
  eq(layout.of(child), "row(a.txt, chat*)")
end

T["a window with 'winfixbuf' is split"] = function()
  local child = case.child()
  for name, prepare in pairs({
    winfixbuf = "setlocal winfixbuf",
    terminal = "terminal cat",
    quickfix = "call setqflist([{'text': 'x'}]) | copen",
    floating = "call nvim_open_win(bufnr(), 1, #{relative: 'editor', row: 1, col: 1, "
      .. "width: 9, height: 3})",
  }) do
    child:command("silent! only! | edit a.txt | " .. prepare)
    local win = child:api("nvim_get_current_win")
    local count = #child:api("nvim_list_wins")
    local buf = child:api("nvim_get_current_buf")
    child:command("ChatvimNew")
    eq({ name, child:api("nvim_win_get_buf", win) }, { name, buf })
    eq({ name, #child:api("nvim_list_wins") }, { name, count + 1 })
    eq({ name, child:text() }, { name, case.EMPTY })
    eq(
      child:lua("return { vim.wo.winfixbuf, vim.api.nvim_win_get_config(0).relative }"),
      { false, "" }
    )
    child:lua("vim.wo[...].winfixbuf = false", win)
  end
end

T["too little room for a window is reported"] = function()
  local child = case.child({ commands = { "set lines=4 winminheight=1" } })
  child:command("edit a.txt")
  case.expect_refusal(child, "ChatvimNew top", "not enough room")
end

T["a modified buffer that cannot be hidden stays, unless the chat opens in a split"] = function()
  local child = case.child({ commands = { "set nohidden" } })
  child:chat("text\n", "a.md")
  child:feed("omore<Esc>")
  child:command("let @# = bufadd('other.md')")
  case.expect_refusal(
    child,
    "ChatvimNew",
    "no write since last change: `:write` first, or open it beside this buffer"
  )
  eq({ child:text(), child:lua("return vim.bo.modified") }, { "text\nmore", true })
  case.expect_refusal(child, "silent! ChatvimNew", "")
  eq(child:lua("return vim.fn.bufname('#')"), "other.md")
  child:command("vertical ChatvimNew")
  eq(layout.of(child), "row(chat*, a.md)")
  child:command("wincmd p | only | hide ChatvimNew")
  eq(layout.of(child), "chat*")
  child:command("buffer a.md")
  eq(child:text(), "text\nmore")
end

T["after a no to :confirm, a message says that nothing was opened"] = function()
  local child = case.child({ screen = true, commands = { "set nohidden" } })
  child:chat("text\n", "a.md")
  child:feed("omore<Esc>")
  child:type(":confirm ChatvimNew<CR>")
  wait.until_true("the question", function()
    return child:api("nvim_get_mode").mode ~= "n"
  end)
  child:type("c")
  wait.until_true("the end of the question", function()
    local mode = child:api("nvim_get_mode")
    return mode.mode == "n" and not mode.blocking
  end)
  child:wait_message("chatvim: nothing was opened")
  eq({ child:text(), layout.of(child) }, { "text\nmore", "a.md*" })
end

T["a file of the same name in another folder is another file"] = function()
  local child = case.child({ commands = { "set nohidden" } })
  vim.fn.mkdir(child.folder .. "/x", "p")
  files.write(child.folder .. "/x/a.md", "other\n")
  child:chat("text\n", "a.md")
  child:feed("omore<Esc>")
  local function edit(name)
    return child:lua(
      "local w = require('chatvim.command.window') return w.edit(..., (w.where()))",
      child.folder .. "/" .. name
    )
  end
  case.expect_part(edit("x/a.md"), "no write since last change: `:write` first")
  case.expect_part(edit("y/a.md"), "no write since last change: `:write` first")
  eq({ child:text(), child:messages() }, { "text\nmore", "" })
  -- Through a link it is the same file.
  assert(vim.uv.fs_symlink(child.folder .. "/x/a.md", child.folder .. "/link.md"))
  child:command("silent write | silent edit x/a.md | silent edit a.md")
  eq(edit("link.md"), vim.NIL)
  eq(child:text(), "other")
end

T["the command-line window is refused with a sentence"] = function()
  local child = case.child()
  child:chat("text\n", "a.md")
  child:type("q:")
  wait.until_true("the command-line window", function()
    return child:lua("return vim.fn.getcmdwintype()") == ":"
  end)
  -- Here Neovim 0.10 omits the last message from `child:messages()`.
  local function said()
    return child:lua("return vim.fn.execute('messages')")
  end
  for _, command in ipairs({
    "ChatvimNew",
    "ChatvimNew left",
    "ChatvimHelp",
    "ChatvimFork",
    "ChatvimSend",
    "ChatvimSend !make",
    "ChatvimToggle",
    "ChatvimRewrite Do it.",
    "ChatvimRewrite",
    "ChatvimComplete",
  }) do
    local before = #said()
    child:command(command)
    wait.until_true("the refusal of " .. command, function()
      return said():sub(before + 1):find("not from the command-line window", 1, true)
    end)
  end
  child:command("quit")
  eq(layout.of(child), "a.md*")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["if new buffers are 'nomodifiable', that is reported and none is opened"] = function()
  local child = case.child({ commands = { "set nomodifiable" } })
  local before = layout.of(child)
  for _, command in ipairs({ "ChatvimNew", "ChatvimHelp right", "ChatvimFork", "ChatvimSend" }) do
    child:command("messages clear")
    child:lua("vim.bo.modifiable = true; vim.fn.setline(1, 'Q'); vim.bo.modified = false")
    child:command(command)
    local message = child:messages()
    eq(message:find("chatvim: new buffers cannot be changed, as with `nvim -M`", 1, true), 1)
    eq(#child:api("nvim_list_bufs"), 1)
    eq(layout.of(child), before)
  end
  eq(child:api("nvim_get_vvar", "errmsg"), "")
  -- A chat locked by an autocommand is one sentence too, and the user's undo settings stay.
  child:command("set modifiable | messages clear | autocmd BufNewFile * setlocal nomodifiable")
  child:command("ChatvimNew right")
  case.expect_part(child:messages(), "the new chat stays empty: ")
  local fresh = child:lua("return vim.bo[vim.api.nvim_create_buf(true, false)].undolevels")
  eq(child:lua("return vim.bo.undolevels"), fresh)
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

return T
