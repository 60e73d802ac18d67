-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimNew opens a chat in the requested place, and writes nothing to disk.
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local NAME = "^chat%-%d%d%d%d%-%d%d%-%d%d%-%d%d%-%d%d%-%d%d%.md$"
local EMPTY = "# === USER ===\n\n"

local function path(child)
  return child:api("nvim_buf_get_name", 0)
end

--- Starts a child with a stopped clock, so that file names are known.
local function stopped_clock(options)
  local child = case.child(options)
  child:lua([[
    local date = os.date
    os.date = function(format, ...)
      return format == "%Y-%m-%d-%H-%M-%S" and "2025-01-02-03-04-05" or date(format, ...)
    end
  ]])
  return child
end

--- Expects a command to be refused with a message, and to open nothing.
local function expect_refusal(child, command, message)
  local before = { layout.of(child), child:text(), #child:api("nvim_list_bufs") }
  local messages = #child:messages()
  child:command(command)
  case.expect_part(child:messages():sub(messages + 1), message)
  eq({ layout.of(child), child:text(), #child:api("nvim_list_bufs") }, before)
end

T["a chat that is ready to type in, and not on disk before :w"] = function()
  local child = case.child()
  child:command("ChatvimNew")
  eq(vim.fs.dirname(path(child)), child.folder)
  eq(vim.fs.basename(path(child)):find(NAME), 1)
  eq(child:text(), EMPTY)
  eq(child:api("nvim_win_get_cursor", 0), { 3, 0 })
  eq(child:api("nvim_get_mode").mode, "n")
  eq(
    child:lua("return { vim.bo.filetype, vim.bo.buftype, vim.bo.modified }"),
    { "markdown", "", false }
  )
  eq(child:lua("return vim.fn.maparg('\\\\cvc', 'n')"), "<Plug>(chatvim-complete)")
  eq(vim.fn.readdir(child.folder), {})
  child:feed("iHello<Esc>")
  case.standin:script({ replies.answer("Hi.") })
  eq(child:complete().outcome, "done")
  eq(case.standin:requests()[1].json.messages, { { role = "user", content = "Hello" } })
  eq(child:text(), case.answered(EMPTY .. "Hello", "Hi."))
  child:command("write")
  eq(files.read(path(child)), child:text() .. "\n")
end

T["an untouched chat can be left without a message, and :w writes it"] = function()
  local child = case.child({ options = {}, commands = { "set nohidden" } })
  files.write(child.folder .. "/other.md", "other\n")
  child:command("ChatvimNew")
  child:command("write")
  eq(files.read(path(child)), EMPTY .. "\n")
  child:command("ChatvimNew")
  child:command("messages clear | edit other.md")
  eq(child:text(), "other")
  case.expect_calm(child)
end

T["undo does not go back beyond the initial text"] = function()
  local child = case.child()
  child:command("ChatvimNew")
  eq(child:lua("return { vim.bo.undolevels, vim.fn.undotree().seq_last }"), { -123456, 0 })
  child:feed("u")
  eq(child:text(), EMPTY)
  child:feed("iHello<Esc>u")
  eq({ child:text(), child:lua("return vim.bo.modified") }, { EMPTY, false })
  child:feed("u")
  eq(child:text(), EMPTY)
end

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

T["if a file or buffer has the name, a number is added and reported"] = function()
  local child = stopped_clock()
  local base = child.folder .. "/chat-2025-01-02-03-04-05"
  files.write(base .. ".md", "mine")
  child:command("ChatvimNew")
  eq(path(child), base .. "-2.md")
  case.expect_part(
    child:messages(),
    "there is a chat-2025-01-02-03-04-05.md already; this is chat-2025-01-02-03-04-05-2.md"
  )
  child:command("ChatvimNew")
  eq(path(child), base .. "-3.md")
  eq(files.read(base .. ".md"), "mine")
end

T["the chat folder: ~, a variable, relative, created if missing"] = function()
  for _, row in ipairs({
    { "~/chats", "/home/chats" },
    { "$SOME_PLACE/chats", "/place/chats" },
    { "below/it", "/work/below/it" },
    { "below/it/", "/work/below/it" },
  }) do
    local child = case.child({ options = { chat_dir = row[1] } })
    child:lua(
      "vim.env.HOME, vim.env.SOME_PLACE = ...",
      child.home .. "/home",
      child.home .. "/place"
    )
    child:command("ChatvimNew")
    eq({ row[1], vim.fs.dirname(path(child)) }, { row[1], child.home .. row[2] })
    eq(vim.fn.isdirectory(child.home .. row[2]), 1)
    child:command("write")
    eq(#vim.fn.readdir(child.home .. row[2]), 1)
    child:stop()
  end
end

T["a folder that cannot be used is one sentence, and nothing is opened"] = function()
  local child = case.child({ options = { chat_dir = "file" } })
  files.write(child.folder .. "/file", "")
  expect_refusal(child, "ChatvimNew", "work/file is not a folder; set the option `chat_dir`")
  expect_refusal(child, "ChatvimHelp", "work/file is not a folder; set the option `chat_dir`")
  child:lua([[vim.g.chatvim = vim.tbl_extend("force", vim.g.chatvim, { chat_dir = "file/x" })]])
  expect_refusal(child, "ChatvimNew", "work/file/x cannot be created: ")
  child:lua([[vim.g.chatvim = vim.tbl_extend("force", vim.g.chatvim, { chat_dir = "/proc/no/x" })]])
  expect_refusal(child, "ChatvimNew", "/proc/no/x cannot be created: ")
  case.expect_part(child:messages(), "; set the option `chat_dir`")
  child:lua([[vim.g.chatvim = vim.tbl_extend("force", vim.g.chatvim, { chat_dir = "$NO_SUCH/x" })]])
  expect_refusal(child, "ChatvimNew", "names $NO_SUCH, which is not set")
  -- Tests may run as root, who can write anywhere, so the check that Neovim makes is stubbed.
  child:lua([[
    vim.g.chatvim = vim.tbl_extend("force", vim.g.chatvim, { chat_dir = "" })
    vim.uv.fs_access = function()
      return false
    end
  ]])
  expect_refusal(child, "ChatvimNew", "no file can be written in " .. child.folder)
  case.expect_part(child:messages(), "chatvim: ")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["a preset: named in the front matter, with the delimiters that it sets"] = function()
  local child = case.child()
  local folder = child.home .. "/config/chatvim/presets"
  vim.fn.mkdir(folder, "p")
  files.write(folder .. "/fast.md", '+++\ntemperature = 0.5\nuserDelimiter = "## me"\n+++\n')
  files.write(folder .. '/we "x" ird.md', "")
  local text = '+++\npreset = "fast"\n+++\n\n## me\n\n'
  for _, row in ipairs({
    { "ChatvimNew fast", "chat*" },
    { "ChatvimNew right fast", "row(chat, chat*)" },
    { "ChatvimNewLeft fast", "row(chat, chat*, chat)" },
  }) do
    child:command(row[1])
    eq({ row[1], layout.of(child), child:text() }, { row[1], row[2], text })
  end
  child:feed("iHello<Esc>")
  case.standin:script({ replies.answer("Hi.") })
  eq(child:complete().outcome, "done")
  eq(case.standin:requests()[1].json.temperature, 0.5)
  child:lua([[require("chatvim.command.new").chat({ 'we "x" ird' }, {})]])
  eq(child:lines()[2], [[preset = "we \"x\" ird"]])
  eq(child:lua("return require('chatvim').messages()"), {})
end

T["unknown arguments are reported, with the valid ones"] = function()
  local child = case.child()
  expect_refusal(
    child,
    "ChatvimNew nope",
    '"nope" is neither a direction (left, right, top, bottom) nor a preset (there is none in '
  )
  vim.fn.mkdir(child.home .. "/config/chatvim/presets", "p")
  files.write(child.home .. "/config/chatvim/presets/b.md", "")
  files.write(child.home .. "/config/chatvim/presets/a.md", "")
  expect_refusal(child, "ChatvimNew nope", "nor a preset (a, b)")
  expect_refusal(child, "ChatvimNew ../a", "nor a preset (a, b)")
  expect_refusal(child, "ChatvimNew left nope", '"nope" is no preset (a, b)')
  expect_refusal(child, "ChatvimNewLeft right", '"right" is no preset (a, b)')
  expect_refusal(
    child,
    "ChatvimNew left a b",
    "at most a direction and then the name of one preset"
  )
  expect_refusal(child, "ChatvimNew a left", "at most a direction and then the name of one preset")
end

T["the delimiters are those of config.md, and of the option `settings`"] = function()
  local child = case.child({ config = case.config('userDelimiter = "## config"') })
  child:command("ChatvimNew")
  eq(child:text(), "## config\n\n")
  child:stop()
  child = case.child({ options = { settings = { userDelimiter = "## option" } } })
  child:command("ChatvimNew")
  eq(child:text(), "## option\n\n")
end

T["the chat opens without the program, and with one that does not answer"] = function()
  local child = case.child({ options = { program = "/no/such/chatvim" } })
  child:command("ChatvimNew")
  eq(child:text(), EMPTY)
  wait.until_true("the message", function()
    return child:messages():find("/no/such/chatvim", 1, true)
  end)
  child:stop()
  child = case.child({ options = { program = "./silent" } })
  files.write(child.folder .. "/silent", "#!/bin/sh\nexec cat >/dev/null\n")
  vim.fn.setfperm(child.folder .. "/silent", "rwxr-xr-x")
  child:command("ChatvimNew")
  eq(child:text(), EMPTY)
end

T["a modified buffer that cannot be hidden stays, unless the chat opens in a split"] = function()
  local child = case.child({ commands = { "set nohidden" } })
  child:chat("text\n", "a.md")
  child:feed("omore<Esc>")
  child:command("let @# = bufadd('other.md')")
  expect_refusal(
    child,
    "ChatvimNew",
    "no write since last change: `:write` first, or open it beside this buffer"
  )
  eq({ child:text(), child:lua("return vim.bo.modified") }, { "text\nmore", true })
  expect_refusal(child, "silent! ChatvimNew", "")
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
    eq({ name, child:text() }, { name, EMPTY })
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
  expect_refusal(child, "ChatvimNew top", "not enough room")
end

T["the user's autocommands run: a template is kept, an error is shown"] = function()
  local child = case.child({
    commands = {
      "autocmd BufNewFile *.md call setline(1, ['template', 'more'])",
      "autocmd FileType markdown let g:types = get(g:, 'types', 0) + 1",
      "autocmd BufNewFile *.md throw 'mine is broken'",
    },
  })
  child:command("ChatvimNew")
  eq(child:text(), EMPTY)
  eq(child:lua("return vim.g.types"), 1)
  case.expect_part(child:messages(), "mine is broken")
  child:feed("u")
  eq(child:text(), EMPTY)
end

T["with filetype detection off it is still a markdown buffer"] = function()
  local child = case.child({ commands = { "filetype off" } })
  child:command("filetype off | ChatvimNew")
  eq(child:lua("return vim.bo.filetype"), "markdown")
  eq(child:lua("return vim.fn.maparg('\\\\cvc', 'n')"), "<Plug>(chatvim-complete)")
end

T["nothing of the user's is disturbed"] = function()
  local child = case.child()
  child:chat(("line\n"):rep(50), "a.md")
  child:feed("20Gmayy/line<CR>")
  local function state()
    return child:lua([[
      return {
        vim.fn.getreg('"'), vim.fn.getreg("/"), vim.o.undolevels, vim.o.hidden,
        vim.api.nvim_buf_get_mark(vim.fn.bufnr("a.md"), "a"), vim.fn.getcmdline(),
        vim.fn.histnr(":"), vim.go.undolevels,
      }
    ]])
  end
  local before = state()
  child:command("ChatvimNew left")
  eq(state(), before)
  case.expect_calm(child)
end

return T
